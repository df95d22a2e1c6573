using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace StarPortal.Core.Star;

/// <summary>The operator's command that makes programs take the new certificate up. It speaks to the same terminal or journal as we do.</summary>
public sealed class FetchHook(string command, TimeSpan timeout)
{
    /// <returns>What went wrong, or null.</returns>
    public async Task<string?> RunAsync(string certificatePath, CertificateLife life, CancellationToken ct)
    {
        try
        {
            using var process = Process.Start(StartOf(certificatePath, life))!;
            process.StandardInput.Close();
            return await EndOfAsync(process, ct);
        }
        catch (Exception error) when (error is Win32Exception or IOException)
        {
            return $"can't be started: {PlainText.Of(error.Message)}";
        }
    }

    private async Task<string?> EndOfAsync(Process process, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? null : $"ended with {process.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            return $"did not end within {timeout.TotalSeconds:0.#} seconds and was stopped";
        }
    }

    private ProcessStartInfo StartOf(string certificatePath, CertificateLife life)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe") { Arguments = $"/d /c {command}" }
            : new ProcessStartInfo("/bin/sh", ["-c", command]);
        (start.UseShellExecute, start.RedirectStandardInput) = (false, true);
        start.Environment["STARPORTAL_CERTIFICATE"] = certificatePath;
        start.Environment["STARPORTAL_NOT_AFTER"] = life.NotAfter.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return start;
    }
}
