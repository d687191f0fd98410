// Conditions: what an export is asked for, and what is said of a schedule that was made so.

import { groupOf, isWhole, wordsOfGroup } from "/modules/conditions.js";
import { equal, test } from "./harness.js";

const RESOURCE = { fields: [{ name: "name", label: "Name" }, { name: "status", label: "Status" }] };
const condition = (field, operator, value = "") => ({ field, operator, value });

test("a condition without a value is not whole, unless it asks whether there is one", () => {
  equal([condition("name", "eq"), condition("name", "contains", "  "), condition("name", "eq", "Ann"), condition("name", "is_null")].map(isWhole), [false, false, true, true]);
});

test("every condition is asked for, so that none is dropped and more is exported than was meant", () => {
  equal(groupOf([condition("name", "eq"), condition("status", "is_null")]), { operator: "and", conditions: [{ field: "name", operator: "eq", value: "" }, { field: "status", operator: "is_null" }] });
  equal(groupOf([]), null);
});

test("conditions are told in words, and a group that was not made here is not", () => {
  equal(wordsOfGroup(RESOURCE, groupOf([condition("name", "contains", "Berlin"), condition("status", "is_null")])), "Name contains “Berlin” and Status is empty");
  equal(wordsOfGroup(RESOURCE, { operator: "or", conditions: [{ field: "name", operator: "eq", value: "x" }] }), null);
  equal(wordsOfGroup(RESOURCE, { operator: "and", conditions: [{ operator: "or", conditions: [] }] }), null);
  equal(wordsOfGroup(RESOURCE, { operator: "and", conditions: [{ field: "name", operator: "in", value: ["x"] }] }), null);
});
