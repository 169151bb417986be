// The mathematics of the playgrounds: no page, no state, plain arrays of numbers; checked against NumPy and SciPy.

/** log(sum(exp(z))) without overflow: the largest value is taken out first. */
export function logSumExp(z) {
  const top = Math.max(...z);
  if (!Number.isFinite(top)) return top;
  return top + Math.log(z.reduce((sum, v) => sum + Math.exp(v - top), 0));
}

/** Shares that add up to 1; `temperature` above 1 evens them out, below 1 sharpens them. */
export function softmax(z, temperature = 1) {
  const scaled = z.map((v) => v / temperature);
  const top = Math.max(...scaled);
  const raised = scaled.map((v) => Math.exp(v - top));
  const sum = raised.reduce((a, b) => a + b, 0);
  return raised.map((v) => v / sum);
}

/** 1 / (1 + exp(-z)), written so that exp never overflows. */
export function sigmoid(z) {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/** log(1 + exp(z)) without overflow and without losing small values. */
export function softplus(z) {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

/** The index of the largest value; of equal ones the first, like NumPy. */
export function argmax(values) {
  return values.reduce((best, v, i) => (v > values[best] ? i : best), 0);
}

/** The sum of the values. */
export function total(values) {
  return values.reduce((a, b) => a + b, 0);
}

/** The mean of the values; NaN of none. */
export function mean(values) {
  return total(values) / values.length;
}

/** What Keras clips probabilities to before it takes a logarithm. */
export const EPSILON = 1e-7;

function clipped(p, epsilon) {
  return Math.min(Math.max(p, epsilon), 1 - epsilon);
}

/** Binary cross-entropy of one label: −y log p − (1 − y) log(1 − p), p clipped as Keras clips it. */
export function binaryCrossEntropy(y, p, epsilon = EPSILON) {
  const q = clipped(p, epsilon);
  return -(y * Math.log(q) + (1 - y) * Math.log(1 - q));
}

/** The same from a logit, exact however large it is: softplus(z) − y z. */
export function binaryCrossEntropyFromLogit(y, z) {
  return softplus(z) - y * z;
}

/** Categorical cross-entropy of one row, −Σ y log p; like Keras it first makes the row add up to 1. */
export function categoricalCrossEntropy(y, p, epsilon = EPSILON) {
  const sum = total(p);
  return -total(y.map((t, i) => (t === 0 ? 0 : t * Math.log(clipped(p[i] / sum, epsilon)))));
}

/** The same from logits: logsumexp(z) − Σ y z for labels that add up to 1. */
export function categoricalCrossEntropyFromLogits(y, z) {
  return total(y) * logSumExp(z) - total(y.map((t, i) => t * z[i]));
}

/** Binary cross-entropy's slope along p, for curves and steps: (p − y) / (p (1 − p)). */
export function binaryCrossEntropySlope(y, p) {
  return (p - y) / (p * (1 - p));
}

/** True and false positives and negatives at a threshold; p equal to the threshold counts as a yes. */
export function confusion(y, p, threshold = 0.5) {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  y.forEach((truth, i) => {
    const yes = p[i] >= threshold;
    counts[truth ? (yes ? "tp" : "fn") : yes ? "fp" : "tn"] += 1;
  });
  return counts;
}

/** Precision, recall and F1 of such counts; 0 where there is nothing to divide by, like scikit-learn's zero_division=0. */
export function scores({ tp, fp, fn }) {
  const part = (a, b) => (b === 0 ? 0 : a / b);
  return { precision: part(tp, tp + fp), recall: part(tp, tp + fn), f1: part(2 * tp, 2 * tp + fp + fn) };
}

/** A matrix (array of rows) times a vector. */
export function matVec(rows, vector) {
  return rows.map((row) => row.reduce((sum, w, i) => sum + w * vector[i], 0));
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32), for playgrounds that need chance. */
export function seeded(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** About `count` round numbers from low to high, for an axis. */
export function ticks(low, high, count = 5) {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Twelve digits, so that 3 × 0.1 is written 0.3.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
