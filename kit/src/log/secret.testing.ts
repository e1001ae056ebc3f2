/** As if from PLINTH_SECRET. */
export const TEST_SECRET = 'a secret of these tests, long enough to be taken';
