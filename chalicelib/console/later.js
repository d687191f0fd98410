// The screens that are loaded when somebody goes there: what one does less often than to import a file.

import { accountScreen } from "./account.js";
import { columnsScreen } from "./columns.js";
import { exportsScreen } from "./exports.js";
import { newExportScreen } from "./export_new.js";
import { mendScreen } from "./mend.js";
import { profileScreen } from "./profile.js";
import { newProfileScreen, profilesScreen } from "./profiles.js";
import { scheduleScreen } from "./schedule.js";
import { webhookScreen } from "./webhook.js";
import { newWebhookScreen, webhooksScreen } from "./webhooks.js";

export const SCREENS = {
  accountScreen, columnsScreen, exportsScreen, newExportScreen, mendScreen, newProfileScreen, profileScreen, profilesScreen, scheduleScreen,
  webhookScreen, webhooksScreen, newWebhookScreen,
};
