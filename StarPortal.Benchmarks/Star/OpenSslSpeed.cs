using System.Diagnostics;
using System.Globalization;

namespace StarPortal.Benchmarks.Star;

/// <summary>The measure that machines are compared by: what one core signs with nothing around it.</summary>
internal static class OpenSslSpeed
{
    public static async Task<double> SignaturesPerSecondAsync(CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", ["speed", "-seconds", "3", "ecdsap256"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, _) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        var figures = (await output).Split('\n').Last(line => line.Contains("nistp256", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return double.Parse(figures[^2], CultureInfo.InvariantCulture); // "… sign verify sign/s verify/s"
    }
}
