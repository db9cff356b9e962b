postMessage('from the worker');

export {};
