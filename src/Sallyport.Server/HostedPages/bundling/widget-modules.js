// The bundle of the widget gets its modules from here; mfa-widget.js looks for this name.
export * as bundledModules from 'widget-modules';
