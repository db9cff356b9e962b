/** Whether the folders lie over the list, where there is no room for both. */
class Drawer {
  open: boolean = $state(false);

  flip(): void {
    this.open = !this.open;
  }

  close(): void {
    this.open = false;
  }
}

export const drawer: Drawer = new Drawer();
