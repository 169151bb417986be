// Minutes in words, as Python's mlcourse.course writes them.

import { counted } from "./explore_words.mjs";

/** 45 minutes, 1 hour, 1½ hours: from an hour on to the nearest half. */
export function hours(minutes) {
  if (minutes < 60) return counted(minutes, "minute");
  const halves = Math.floor((minutes + 15) / 30);
  return `${Math.floor(halves / 2) || ""}${halves % 2 ? "½" : ""} ${halves === 2 ? "hour" : "hours"}`;
}
