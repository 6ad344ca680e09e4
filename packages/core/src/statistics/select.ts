/**
 * The k-th smallest of the values between two places, by Hoare's quickselect ("Algorithm 65: Find", 1961), in linear
 * time on average. Puts it at place `k`, smaller ones before it and greater ones behind it.
 *
 * @param k between `left` and `right`, both of which belong to the range
 */
export function select(values: Float64Array, k: number, left = 0, right = values.length - 1): number {
  while (left < right) {
    const pivot = middleOf(values[left]!, values[(left + right) >>> 1]!, values[right]!);
    let [i, j] = [left, right];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return values[k]!;
}

const middleOf = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
