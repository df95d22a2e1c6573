namespace StarPortal.Web.Hosting;

/// <summary>Makes the web application's builder: where configuration and static files come from.</summary>
public static class PortalHost
{
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        // Configuration and static files lie beside the program, wherever it is started from; data lies below the working directory.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseStaticWebAssets();
        return builder;
    }
}
