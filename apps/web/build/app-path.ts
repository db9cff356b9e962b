/** Where the app lies on its server. Everything in the build knows it: workers and the service worker's scope. */
export const APP_PATH = '/app/';
