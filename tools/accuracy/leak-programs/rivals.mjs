/** Rules that are often used to call a leak, each on the live bytes after collections or on the resident set. */

const footprint = ({ heap, external }) => heap + external;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** What a careful user would leave out: the first third. */
const later = (values) => values.slice(Math.floor(values.length / 3));
const above = (share, values) => values.at(-1) > (1 + share) * values[0];

/** The t statistic of a least squares slope; 2.7 is p < 0.01 for 30 to 50 points. */
function slopeT(values) {
  const middle = (values.length - 1) / 2;
  const average = mean(values);
  const spread = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const slope = values.reduce((sum, value, i) => sum + (i - middle) * (value - average), 0) / spread;
  const rest = values.reduce((sum, value, i) => sum + (value - average - slope * (i - middle)) ** 2, 0);
  const error = Math.sqrt(rest / (values.length - 2) / spread);
  return error === 0 ? Math.sign(slope) * Infinity : slope / error;
}

/** The normal score of Mann and Kendall's S, without the correction for ties; 2.33 is p < 0.01 on one side. */
function mannKendallZ(values) {
  let s = 0;
  for (let i = 0; i < values.length; i++) {
    for (let j = i + 1; j < values.length; j++) s += Math.sign(values[j] - values[i]);
  }
  const n = values.length;
  return s / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
}

function longestRise(values) {
  let [longest, run] = [0, 0];
  for (let i = 1; i < values.length; i++) {
    run = values[i] > values[i - 1] ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

export const rivals = {
  'end > start': (samples) => above(0, samples.map(footprint)),
  'end > start + 10 %': (samples) => above(0.1, samples.map(footprint)),
  'resident set + 10 %': (samples) =>
    above(
      0.1,
      samples.map(({ rss }) => rss),
    ),
  'linear regression, p < 0.01': (samples) => slopeT(later(samples.map(footprint))) > 2.7,
  'Mann-Kendall, p < 0.01': (samples) => mannKendallZ(later(samples.map(footprint))) > 2.33,
  'six growing collections': (samples) => longestRise(samples.map(footprint)) >= 6,
};
