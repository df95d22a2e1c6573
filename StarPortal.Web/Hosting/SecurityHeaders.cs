using System.Net;
using Microsoft.Net.Http.Headers;

namespace StarPortal.Web.Hosting;

/// <summary>What a browser is told about every answer.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; " +
        "form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>Radzen's charts set sizes and colours by style attributes; styles as elements and scripts stay forbidden.</summary>
    private const string StyleAttributes = "; style-src-attr 'unsafe-inline'";

    internal static readonly object StyleAttributesKey = new();

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state =>
        {
            Apply((HttpContext)state);
            return Task.CompletedTask;
        }, context);
        return next(context);
    }

    private static void Apply(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (!headers.ContainsKey(HeaderNames.ContentSecurityPolicy)) headers.ContentSecurityPolicy = context.Items.ContainsKey(StyleAttributesKey) ? ContentSecurityPolicy + StyleAttributes : ContentSecurityPolicy; // A mail's HTML brings a narrower one.
        if (context.Request.IsHttps && IsRealName(context.Request.Host.Host)) headers.StrictTransportSecurity = "max-age=31536000";
        if (!headers.ContainsKey(HeaderNames.CacheControl)) headers.CacheControl = "no-store";
    }

    /// <summary>A browser that learnt HSTS for localhost or an address would refuse every other program there.</summary>
    private static bool IsRealName(string host) =>
        host.Contains('.', StringComparison.Ordinal) && !host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) && !IPAddress.TryParse(host, out _);
}

public static class StyleAttributePages
{
    /// <summary>For a page of a component library that can't do without them.</summary>
    public static void AllowStyleAttributes(this HttpContext context) => context.Items[SecurityHeaders.StyleAttributesKey] = true;
}
