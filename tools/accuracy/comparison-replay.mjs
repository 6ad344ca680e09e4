export const replayChecks = async () => [];
