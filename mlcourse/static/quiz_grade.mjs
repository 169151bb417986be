// Marks an answer in the browser. `mlcourse/quiz/_questions.py` says the same in Python, and a test
// grades every question of the bank by both. Nothing here touches the page.

function graded(marks, notes, misconceptions = []) {
  const told = [...new Set(notes.filter(Boolean))];
  return {
    answered: true,
    correct: marks.every(Boolean),
    score: marks.filter(Boolean).length / marks.length,
    marks,
    notes: told,
    misconception: misconceptions.find(Boolean) ?? null,
  };
}

function unanswered(note) {
  return { answered: false, correct: false, score: 0, marks: [], notes: [note], misconception: null };
}

/** Return the number a student typed, or null: 0.5 and 0,5 are a half, 1,000 a thousand, 3/4 a fraction. */
export function readNumber(text, unit = "") {
  let plain = text.trim().replaceAll("\u2212", "-");
  if (unit && plain.toLowerCase().endsWith(unit.toLowerCase())) {
    plain = plain.slice(0, plain.length - unit.length).trim();
  }
  const slash = plain.indexOf("/");
  if (slash >= 0) {
    const over = readNumber(plain.slice(0, slash));
    const under = readNumber(plain.slice(slash + 1));
    return over === null || !under ? null : over / under;
  }
  plain = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(plain)
    ? plain.replaceAll(",", "")
    : plain.replaceAll(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

function close(value, wanted, tolerance) {
  return Math.abs(value - wanted) <= tolerance + 1e-9 * Math.max(1, Math.abs(wanted));
}

function sameText(text) {
  const lines = text.replaceAll("\r\n", "\n").trim().split("\n");
  const plain = lines.map((line) => line.replace(/[ \t]+/g, " ").trim());
  // "[0, 1]" and "[0,1]" are the same list; only a blank that parts two numbers must stay.
  return plain.map((line) => line.replace(/ ?([[\](),]) ?/g, "$1")).join("\n");
}

function sameCode(text) {
  return text.replace(/[ \t\r\n]+/g, "").replaceAll('"', "'");
}

function gradeSingle(question, answer) {
  const choice = question.choices[answer];
  return graded([choice.right], [choice.feedback], [choice.misconception]);
}

function gradeSeveral(question, answer) {
  if (answer.length === 0) return unanswered(question.nothing);
  const marks = question.choices.map((choice, i) => answer.includes(i) === choice.right);
  const missed = question.choices.filter((_, i) => !marks[i]);
  const told = missed.length ? missed : question.choices.filter((choice) => choice.right);
  return graded(marks, told.map((c) => c.feedback), missed.map((c) => c.misconception));
}

function gradeMyth(question, answer) {
  const right = answer === question.truth;
  const told = answer ? question.believed : question.doubted;
  return graded([right], [told], [right ? null : question.misconception]);
}

function gradeNumeric(question, answer) {
  const value = readNumber(answer, question.unit);
  if (value === null) return unanswered(question.nothing);
  if (close(value, question.answer, question.tolerance)) return graded([true], [question.feedback]);
  const mistake = question.mistakes.find((m) => close(value, m.value, m.tolerance));
  return graded([false], [mistake ? mistake.feedback : question.otherwise], [mistake?.misconception]);
}

function gradeOutput(question, answer) {
  const given = sameText(answer);
  if (!given) return unanswered(question.nothing);
  if (given === sameText(question.answer)) return graded([true], [question.feedback]);
  const mistake = question.mistakes.find((m) => given === sameText(m.text));
  return graded([false], [mistake ? mistake.feedback : question.otherwise], [mistake?.misconception]);
}

function fill(blank, given) {
  if (blank.accept.some((text) => given === sameCode(text))) return { mark: true, note: blank.feedback };
  const mistake = blank.mistakes.find((m) => given === sameCode(m.text));
  return { mark: false, note: mistake ? mistake.feedback : blank.otherwise, misconception: mistake?.misconception };
}

function gradeBlanks(question, answer) {
  const given = answer.map(sameCode);
  if (!given.every(Boolean)) return unanswered(question.nothing);
  const results = question.blanks.map((blank, i) => fill(blank, given[i]));
  const all = results.every((r) => r.mark);
  return graded(
    results.map((r) => r.mark),
    results.filter((r) => !r.mark || all).map((r) => r.note),
    results.map((r) => r.misconception),
  );
}

function gradeSlots(question, answer) {
  if (answer.some((a) => a === null)) return unanswered(question.nothing);
  const marks = question.key.map((wanted, i) => answer[i] === wanted);
  // A step tells where it belongs itself; in the other kinds the slot tells what belongs there.
  const place = (i) => (question.type === "order" ? answer[i] : i);
  const missed = marks.flatMap((mark, i) => (mark ? [] : [question.misses[place(i)]]));
  return graded(
    marks,
    missed.length ? missed.map((m) => m.feedback) : [question.feedback],
    missed.map((m) => m.misconception),
  );
}

const graders = {
  single: gradeSingle,
  several: gradeSeveral,
  myth: gradeMyth,
  numeric: gradeNumeric,
  output: gradeOutput,
  blanks: gradeBlanks,
  order: gradeSlots,
  match: gradeSlots,
  sort: gradeSlots,
};

/** Return { answered, correct, score, marks, notes (HTML), misconception } for an answer. */
export function grade(question, answer) {
  return graders[question.type](question, answer);
}

/** Return one right answer, in the form that `grade` takes. */
export function rightAnswer(question) {
  const right = (question.choices ?? []).flatMap((choice, i) => (choice.right ? [i] : []));
  switch (question.type) {
    case "single":
      return right[0];
    case "several":
      return right;
    case "myth":
      return question.truth;
    case "numeric":
      return String(question.answer);
    case "output":
      return question.answer;
    case "blanks":
      return question.blanks.map((blank) => blank.accept[0]);
    default:
      return question.key;
  }
}

/**
 * Return what a log of events says about one question. Events are { id, answer } for an attempt,
 * { id, shown: true } when the answer was looked up, { reset: true } for a fresh start.
 */
export function standing(question, log) {
  const fresh = { attempts: 0, answer: undefined, grade: null, first: null, shown: false };
  const now = { ...fresh };
  for (const event of log) {
    if (event.reset) Object.assign(now, fresh);
    if (event.id !== question.id) continue;
    if (event.shown) {
      now.shown = true;
    } else {
      now.attempts += 1;
      now.answer = event.answer;
      now.grade = grade(question, event.answer);
      now.first ??= now.grade;
    }
  }
  return now;
}
