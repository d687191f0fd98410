// The screens of the importer that are loaded once a file has been sent.

import { columnsScreen } from "./columns.js";
import { mendScreen } from "./mend.js";

export const SCREENS = { columnsScreen, mendScreen };
