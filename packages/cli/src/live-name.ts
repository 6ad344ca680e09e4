import { truncateMiddle } from '@perfkeel/report';
import { oneLine } from './io.ts';

/** Columns of a name: the figures beside it are what is looked at. */
const mostColumns = 60;

/** A name of others as a line of progress has room for it. */
export const liveName = (name: string, columns = mostColumns): string => truncateMiddle(oneLine(name), columns, '…');
