/** What the chat in its frame says to the page around it when somebody presses Escape. It carries nothing. */
export const CLOSE_MESSAGE = 'stampcast:close'
