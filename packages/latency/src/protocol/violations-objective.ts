/** What every implementation is held to. */
export const violationsObjective = 'violations = 0';
