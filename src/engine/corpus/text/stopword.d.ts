/** npm `stopword`: one list of lower-case words a language, exported by its ISO 639-3 code. */
declare module 'stopword'
