using System.Net;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Registry;

/// <summary>Connects to the outside registry by the guard of validations: the name is resolved once, and only to addresses that are permitted.</summary>
public sealed class OutsideDialer(DnsResolver dns, TargetConnector connector, IOptions<AcmeOptions> acme, IOptions<RegistryOptions> options)
{
    private readonly TargetResolver resolver = new(
        dns, new AddressGuard(acme.Value.AllowPrivateAddresses || options.Value.Outside.AllowPrivateAddresses, acme.Value.AllowNets, acme.Value.DenyNets), acme);

    internal async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken ct)
    {
        var trace = new ValidationTrace();
        try
        {
            return await connector.ConnectAsync(await resolver.ResolveAsync(target.Host.Trim('[', ']'), trace, ct), target.Port, trace, ct);
        }
        catch (ValidationFailedException refused)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, refused.Message, refused);
        }
    }
}
