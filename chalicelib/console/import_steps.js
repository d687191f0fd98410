// The steps of one import by address, which the console and the importer share.

import { anywhereScreen } from "./addresses.js";
import { checkScreen } from "./check.js";
import { fileScreen } from "./file.js";
import { importScreen } from "./import.js";
import { later } from "./later_screen.js";
import { resultScreen } from "./result.js";

export const STEP_ROUTES = [
  ["/new", fileScreen],
  ["/imports/:id", anywhereScreen],
  ["/imports/:id/columns", later("columnsScreen")],
  ["/imports/:id/check", checkScreen],
  ["/imports/:id/import", importScreen],
  ["/imports/:id/result", resultScreen],
  ["/imports/:id/mend", later("mendScreen")],
];
