using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Approval;

/// <summary>The certificates whose signature counts under an answer.</summary>
public sealed class CaSigners(IOptions<ApprovalOptions> options)
{
    private readonly Lazy<IReadOnlyList<X509Certificate2>> signers = new(() => options.Value.ExternalCa.SignerFile is { } file ? Read(file) : []);

    public IReadOnlyList<X509Certificate2> All => signers.Value;

    internal static IReadOnlyList<X509Certificate2> Read(string file)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(file);
        return [.. found];
    }
}
