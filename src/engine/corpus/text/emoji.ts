const pictograph = String.raw`\p{Extended_Pictographic}[\ufe0e\ufe0f]?\p{Emoji_Modifier}?[\u{e0020}-\u{e007f}]*`

/**
 * One emoji (Unicode Technical Standard 51): flags of two letters, keycaps, pictographs with their skin tone or the tags of
 * England, Scotland and Wales, and what is joined of them.
 */
export const emojiExpression = String.raw`\p{Regional_Indicator}{2}|[#*0-9]\ufe0f?\u20e3|${pictograph}(?:\u200d${pictograph})*`

/** An emoji as keyboards of today write it: the selector of its coloured form is there where the character alone would be text. */
export function qualifiedEmoji(emoji: string): string {
  return emoji
    .replace(/[\ufe0e\ufe0f]/g, '')
    .replace(/(?!\p{Emoji_Presentation})\p{Emoji}(?!\p{Emoji_Modifier})/gu, '$&\ufe0f')
}
