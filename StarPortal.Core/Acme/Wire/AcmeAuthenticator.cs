using Microsoft.AspNetCore.Http;

namespace StarPortal.Core.Acme;

internal static class AcmeAuthenticator
{
    public static ValueTask<AcmeRequest?> BindAsync(HttpContext http) => throw AcmeErrors.BadNonce();
}
