using StarPortal.Web.Verbs;

return await CommandLine.RunAsync(args);
