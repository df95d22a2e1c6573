using System.Diagnostics;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>Debian's nginx, unchanged, with a folder of its own that holds its certificate and key.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";

    private readonly TestFolder folder = new();
    private readonly string host;
    private Process? process;

    public Nginx(string host)
    {
        Assert.SkipUnless(File.Exists(Program), "No nginx: install it, as ./test.sh does.");
        this.host = host;
        File.WriteAllText(Configuration, $$"""
            daemon off; worker_processes 1; pid {{folder["nginx.pid"]}}; error_log {{folder["error.log"]}} notice;
            events { worker_connections 512; }
            http {
              access_log off;
              client_body_temp_path {{folder["body"]}}; proxy_temp_path {{folder["proxy"]}}; fastcgi_temp_path {{folder["fastcgi"]}}; uwsgi_temp_path {{folder["uwsgi"]}}; scgi_temp_path {{folder["scgi"]}};
              server { listen 127.0.0.1:{{Port}} ssl; ssl_certificate {{folder[host + ".pem"]}}; ssl_certificate_key {{KeyFile}}; ssl_session_cache off; return 204; }
            }
            """);
    }

    public int Port { get; } = FreePorts.Take(1)[0];

    public string Folder => folder.FullPath;

    public string KeyFile => folder[host + ".key"];

    /// <summary>As an administrator's hook says it.</summary>
    public string ReloadCommand => $"{Program} -s reload -c {Configuration}";

    private string Configuration => folder["nginx.conf"];

    public void Start() => process = Process.Start(new ProcessStartInfo(Program, ["-c", Configuration]) { UseShellExecute = false, RedirectStandardError = true })!;

    /// <summary>What it noted, errors and reloads.</summary>
    public string Log() => File.Exists(folder["error.log"]) ? File.ReadAllText(folder["error.log"]) : "";

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process?.Dispose();
        folder.Dispose();
    }
}
