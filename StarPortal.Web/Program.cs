using StarPortal.Web.Hosting;

return await PortalHost.ServeAsync(args);
