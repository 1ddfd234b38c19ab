/** The kind of the lanes that tell of windows about to close; a lane's key is its tenant. Rung when a window opens that was closed. */
export const WINDOW_ALERTS = 'window-alerts';
