/** A worker that ticks every so many seconds, as the page tells it once. */
self.onmessage = (event: MessageEvent<number>) => {
  setInterval(() => self.postMessage(null), event.data * 1000);
};
