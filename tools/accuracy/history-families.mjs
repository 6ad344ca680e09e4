/** Histories with a known truth: what each is made of, drawn from a seed. */

/** `draw(rng)` gives `values`, the places of the first runs of new levels, and whether the level drifts. */
export function historyFamilies({ drawSample, normal, heavyTailed }) {
  const gauss = (rng) => drawSample(normal(0, 1), 1, rng)[0];
  const heavy = (rng) => Math.log(drawSample(heavyTailed(1), 1, rng)[0]);
  const whole = (rng, low, high) => low + Math.floor(rng() * (high - low));
  const sign = (rng) => (rng() < 0.5 ? -1 : 1);

  /** One to three steps of 5 to 25 %, at least 15 runs apart. */
  function steps(rng, n) {
    const wanted = whole(rng, 1, 4);
    const truth = [];
    for (let tries = 0; truth.length < wanted && tries < 100; tries++) {
      const at = whole(rng, 15, n - 15);
      if (truth.every((other) => Math.abs(other - at) >= 15)) truth.push(at);
    }
    truth.sort((a, b) => a - b);
    const sizes = truth.map(() => sign(rng) * Math.log(1.05 + 0.2 * rng()));
    const level = (i) => truth.reduce((sum, at, k) => sum + (i >= at ? sizes[k] : 0), 0);
    return { truth, level };
  }
  const flat = () => ({ truth: [], level: () => 0 });

  function drift(rng, n) {
    const [from, length] = [whole(rng, 0, n / 3), whole(rng, n / 3, n / 1.5)];
    const total = sign(rng) * (0.12 + 0.2 * rng());
    return { truth: [], level: (i) => total * Math.min(1, Math.max(0, (i - from) / length)) };
  }

  const white = (rng, n) => Array.from({ length: n }, () => 0.03 * gauss(rng));
  function correlated(rng, n, share) {
    let state = 0;
    return Array.from({ length: n }, () => (state = share * state + Math.sqrt(1 - share * share) * 0.03 * gauss(rng)));
  }
  const seasonal = (rng, n) => white(rng, n).map((x, i) => x + 0.03 * Math.sin((2 * Math.PI * i) / 7));
  const withOutliers = (rng, n) => white(rng, n).map((x) => (rng() < 0.04 ? x + 0.15 + 0.5 * rng() : x));
  const bimodal = (rng, n) => white(rng, n).map((x) => x / 2 + (rng() < 0.2 ? 0.08 : 0));
  const heavyNoise = (rng, n) => Array.from({ length: n }, () => 0.06 * heavy(rng));
  /** Twice as noisy in the second half, or after the first step. */
  const louder = (rng, n, truth) => {
    const from = truth[0] ?? n / 2;
    return white(rng, n).map((x, i) => (i >= from ? 2 * x : x / 1.5));
  };

  const family = (name, kind, shape, noise, n = 200) => ({
    name,
    kind,
    draw(rng) {
      const { truth, level } = shape(rng, n);
      const scatter = noise(rng, n, truth);
      return { truth, values: scatter.map((x, i) => 1e6 * Math.exp(level(i) + x)) };
    },
  });
  return [
    family('steps', 'steps', steps, white),
    family('steps, 60 runs', 'steps', steps, white, 60),
    family('steps, outliers', 'steps', steps, withOutliers),
    family('steps and twice the noise', 'steps', steps, louder),
    family('steps, noise correlated 0.4', 'steps', steps, (rng, n) => correlated(rng, n, 0.4)),
    family('steps, a season of 7 runs', 'steps', steps, seasonal),
    family('steps, heavy tails', 'steps', steps, heavyNoise),
    family('nothing', 'nothing', flat, white, 1000),
    family('nothing, 40 runs', 'nothing', flat, white, 40),
    family('nothing, outliers', 'nothing', flat, withOutliers, 1000),
    family('nothing, twice the noise', 'nothing', flat, louder, 1000),
    family('nothing, noise correlated 0.4', 'nothing', flat, (rng, n) => correlated(rng, n, 0.4), 1000),
    family('nothing, a season of 7 runs', 'nothing', flat, seasonal, 1000),
    family('nothing, heavy tails', 'nothing', flat, heavyNoise, 1000),
    family('nothing, two modes', 'nothing', flat, bimodal, 1000),
    family('drift', 'drift', drift, white),
    family('drift, outliers', 'drift', drift, withOutliers),
  ];
}

/** Pairs found with true places that are at most `margin` apart, each once. */
export function matched(found, truth, margin) {
  const free = [...truth];
  let hits = 0;
  for (const at of found) {
    const near = free.filter((place) => Math.abs(place - at) <= margin);
    if (near.length === 0) continue;
    const nearest = near.reduce((best, place) => (Math.abs(place - at) < Math.abs(best - at) ? place : best));
    free.splice(free.indexOf(nearest), 1);
    hits++;
  }
  return hits;
}
