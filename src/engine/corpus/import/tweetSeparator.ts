/** Two tweets of one author are told apart by this, as in the corpora that circulate. */
export const tweetSeparator = ' ||| '
