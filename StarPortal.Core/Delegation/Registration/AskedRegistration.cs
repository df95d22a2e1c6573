using System.Text;
using System.Text.Json;
using StarPortal.Core.Acme;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>The body of <c>POST /star/registration</c>: <c>{"csr": …, "lifetime": 365, "validity": 24}</c>.</summary>
/// <param name="Csr">PKCS#10: PEM as the interface has it, or the DER that base64url of later drafts had.</param>
/// <param name="Lifetime">Days, from 1 on.</param>
/// <param name="Validity">Hours, from 1 on.</param>
public sealed record AskedRegistration(byte[] Csr, long Lifetime, long Validity)
{
    /// <summary>Octets of a body; the CSR in it is a fraction.</summary>
    public const int MaxLength = 64 * 1024;

    /// <exception cref="ServiceException">Invalid, with the member that is wrong.</exception>
    public static AskedRegistration Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, AcmeJson.Strict);
            var root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object) throw NotJson();
            return new AskedRegistration(ReadCsr(root), ReadNumber(root, "lifetime", "days"), ReadNumber(root, "validity", "hours"));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw NotJson();
        }
    }

    private static byte[] ReadCsr(JsonElement root)
    {
        if (!root.TryGetProperty("csr", out var value) || value.ValueKind is not JsonValueKind.String || value.GetString() is not { Length: > 0 } text)
            throw DelegationErrors.Field("csr", "csr is a text: the PKCS#10 request in PEM.");
        return StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(text), out var der) && der is [0x30, ..] ? der : Encoding.UTF8.GetBytes(text);
    }

    private static long ReadNumber(JsonElement root, string member, string unit) =>
        root.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) && number is > 0 and <= int.MaxValue
            ? number : throw DelegationErrors.Field(member, $"{member} is a whole number of {unit}, 1 or more.");

    private static ServiceException NotJson() => new(ErrorKind.Invalid, """The body is JSON: {"csr": "…", "lifetime": days, "validity": hours}, each member once.""");
}
