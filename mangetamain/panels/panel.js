/* Draws a panel and asks for its answers. */
export default { render() {} };
