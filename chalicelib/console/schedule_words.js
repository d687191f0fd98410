// Schedules in words, as far as they were made here; any other is shown as it is written.

import { t } from "./text.js";

export const OFTEN = ["hourly", "daily", "weekly", "monthly"];

const PATTERNS = {
  hourly: /^rate\(1 hour\)$/,
  daily: /^cron\((\d+) (\d+) \* \* \? \*\)$/,
  weekly: /^cron\((\d+) (\d+) \? \* MON \*\)$/,
  monthly: /^cron\((\d+) (\d+) 1 \* \? \*\)$/,
};

/** The expression of a schedule: how often, and at what time of day, such as 06:30. */
export function expressionOf(often, at) {
  const [hour, minute] = at.split(":").map(Number);
  return { hourly: "rate(1 hour)", daily: `cron(${minute} ${hour} * * ? *)`, weekly: `cron(${minute} ${hour} ? * MON *)`, monthly: `cron(${minute} ${hour} 1 * ? *)` }[often];
}

export function scheduleWords({ schedule, time_zone: zone }) {
  for (const [often, pattern] of Object.entries(PATTERNS)) {
    const found = pattern.exec(schedule);
    if (found) return t(`schedule.${often}`, { at: found[1] ? `${found[2].padStart(2, "0")}:${found[1].padStart(2, "0")}` : "", zone });
  }
  return schedule;
}
