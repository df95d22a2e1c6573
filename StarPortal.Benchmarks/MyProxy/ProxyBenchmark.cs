using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.MyProxy;

namespace StarPortal.Benchmarks.MyProxy;

/// <summary>One thread: the two operations of RSA that a proxy can't do without, and the whole of <see cref="ProxyCertificate.Issue"/>. The difference is ours.</summary>
internal static class ProxyBenchmark
{
    public static int Run(TimeSpan length)
    {
        using var signer = RSA.Create(2048);
        using var key = RSA.Create(2048);
        using var credential = CredentialOf(signer);
        var request = ProxySigningRequest.Make(key);
        var data = RandomNumberGenerator.GetBytes(1_000);
        var signature = key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        var bare = Time(length, () =>
        {
            using var imported = RSA.Create();
            imported.ImportSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _);
            imported.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            signer.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        });
        var whole = Time(length, () => ProxyCertificate.Issue(credential, request, TimeSpan.FromHours(12), null, clientIsLimited: false, TimeProvider.System.GetUtcNow()));
        Print("bare RSA (import, verify, sign)", bare);
        Print("issue", whole);
        Print("on top", whole - bare);
        return 0;
    }

    private static UnlockedCredential CredentialOf(RSA key)
    {
        var now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=Zoe Miller, O=Example Lab, DC=starportal, DC=org", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        return new UnlockedCredential(Guid.NewGuid(), "zoe", key, [certificate.RawData, certificate.RawData], null);
    }

    /// <returns>Milliseconds a piece; the first tenth of the time warms up and does not count.</returns>
    private static double Time(TimeSpan length, Action work)
    {
        var warm = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(warm) < length / 10) work();
        var begun = Stopwatch.GetTimestamp();
        var done = 0;
        for (; Stopwatch.GetElapsedTime(begun) < length; done++) work();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds / done;
    }

    private static void Print(string series, double milliseconds) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{series,-34} {milliseconds,8:0.000} ms"));
}
