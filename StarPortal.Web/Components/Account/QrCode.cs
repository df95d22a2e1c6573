using Microsoft.AspNetCore.Components;
using QRCoder;

namespace StarPortal.Web.Components.Account;

internal static class QrCode
{
    /// <summary>The text as an SVG picture, dark on white in either theme: cameras want it so.</summary>
    public static MarkupString Render(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var svg = new SvgQRCode(data).GetGraphic(5, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
        return new MarkupString(svg.Replace("<svg ", "<svg role=\"img\" aria-label=\"QR code of the key\" ", StringComparison.Ordinal));
    }
}
