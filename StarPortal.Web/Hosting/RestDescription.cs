namespace StarPortal.Web.Hosting;

/// <summary>/openapi/v1.json: the REST API below /api/v1, and nothing of the pages.</summary>
internal static class RestDescription
{
    public static IServiceCollection AddRestDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1", StringComparison.Ordinal) is true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "StarPortal";
            document.Info.Version = PortalHost.Version;
            return Task.CompletedTask;
        });
    });
}
