// Search on the static site: ranks the sections of all pages for the words that were typed. Nothing here touches
// the page. The index is a list of { url, page, title, text }, made by `mlcourse/_site/_search.py`.

const IN_TITLE = 12;
const IN_PAGE = 5;
const MOST = 30; // results: who needs more should say more
const AROUND = 90; // characters of text before and after the first word found

/** Return text as it is compared: small letters without accents. */
export function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Return the words of a query, each once. */
export function words(query) {
  return [...new Set(plain(query).match(/[\p{L}\p{N}_]+/gu) ?? [])];
}

/** Return where a word, or one that begins with it, stands in a compared text. */
function places(text, word) {
  const found = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1])) found.push(at);
  }
  return found;
}

function scored(section, wanted) {
  let score = 0;
  let first = Infinity;
  for (const word of wanted) {
    const [title, page, text] = [section.title, section.page, section.text].map((part) => places(plain(part), word));
    if (!title.length && !page.length && !text.length) return null;
    // A word said ten times is not ten times as much what the section is about.
    score += (title.length ? IN_TITLE : 0) + (page.length ? IN_PAGE : 0) + Math.log2(1 + text.length);
    first = Math.min(first, text[0] ?? Infinity);
  }
  return { section, score, first };
}

/** Return the text around the first hit as pieces { text, hit }. */
export function excerpt(text, wanted, first) {
  // Accents that fell away shift the place a little; what is shown is still around it.
  const middle = Number.isFinite(first) ? first : 0;
  let start = Math.max(0, middle - AROUND);
  while (start > 0 && /\S/.test(text[start - 1])) start -= 1;
  let end = Math.min(text.length, middle + 2 * AROUND);
  while (end < text.length && /\S/.test(text[end])) end += 1;
  const part = text.slice(start, end).trim();
  const hits = new RegExp(`(?<![\\p{L}\\p{N}])(${wanted.join("|")})`, "giu");
  const pieces = [];
  let at = 0;
  for (const found of part.matchAll(hits)) {
    if (found.index > at) pieces.push({ text: part.slice(at, found.index), hit: false });
    pieces.push({ text: found[0], hit: true });
    at = found.index + found[0].length;
  }
  pieces.push({ text: part.slice(at), hit: false });
  if (start > 0) pieces.unshift({ text: "… ", hit: false });
  if (end < text.length) pieces.push({ text: " …", hit: false });
  return pieces;
}

/** Return the best sections for a query, each { section, pieces }; a section must have every word. */
export function search(index, query) {
  const wanted = words(query);
  if (!wanted.length) return [];
  return index
    .map((section) => scored(section, wanted))
    .filter(Boolean)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ section, first }) => ({ section, pieces: excerpt(section.text, wanted, first) }));
}
