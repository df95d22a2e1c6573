using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace StarPortal.Benchmarks.Fetching;

/// <summary>Kestrel over TLS with nothing in it but one answer, in a process of its own.</summary>
internal sealed class BareServer : IAsyncDisposable
{
    private readonly Process process;

    private BareServer(Process process, Uri baseAddress) => (this.process, BaseAddress) = (process, baseAddress);

    public Uri BaseAddress { get; }

    public int Id => process.Id;

    public static Command CreateCommand()
    {
        var answer = new Argument<string>("answer") { Description = "A file with the answer's octets." };
        var command = new Command("bare", "The other half of fetch.") { answer };
        command.Hidden = true;
        command.SetAction((result, ct) => ServeAsync(File.ReadAllBytes(result.GetValue(answer)!), ct));
        return command;
    }

    /// <param name="answer">Head and body as the portal sends them.</param>
    public static async Task<BareServer> StartAsync(byte[] answer, string folder, CancellationToken ct)
    {
        var file = Path.Combine(folder, "answer");
        await File.WriteAllBytesAsync(file, answer, ct);
        var started = Process.Start(new ProcessStartInfo("dotnet", [typeof(BareServer).Assembly.Location, "bare", file]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var address = await started.StandardOutput.ReadLineAsync(ct) ?? throw new InvalidOperationException("The bare server did not start.");
        return new BareServer(started, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<int> ServeAsync(byte[] answer, CancellationToken ct)
    {
        var headEnd = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        var headers = Encoding.ASCII.GetString(answer, 0, headEnd).Split("\r\n")[1..].Select(line => line.Split(": ", 2)).Where(line => line[0] is not ("Date" or "Content-Length" or "Content-Type")).ToArray();
        var body = answer[(headEnd + 4)..];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        using var certificate = MakeCertificate();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => options.ListenLocalhost(FreePort(), listener => listener.UseHttps(certificate)));
        await using var app = builder.Build();
        app.Run(http =>
        {
            var response = http.Response;
            foreach (var header in headers) response.Headers[header[0]] = header[1];
            (response.ContentType, response.ContentLength) = ("application/pem-certificate-chain", body.Length);
            return response.Body.WriteAsync(body, http.RequestAborted).AsTask();
        });
        await app.StartAsync(ct);
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await app.WaitForShutdownAsync(ct);
        return 0;
    }

    private static int FreePort() => new Starting.PortalLaunch { DataDirectory = "" }.HttpsPort;

    /// <summary>As the portal's own: P-256.</summary>
    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
