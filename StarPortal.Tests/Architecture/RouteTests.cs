using Microsoft.AspNetCore.Routing;
using StarPortal.Web.Hosting;

namespace StarPortal.Tests.Architecture;

/// <summary>The route table is the security map: every door that changes state is named here, and none answers to GET.</summary>
[Trait("Category", "Unit")]
public sealed class RouteTests
{
    /// <summary>Doors beside the pages that answer to something else than GET and HEAD. A new one is added with the reason why it is safe.</summary>
    private static readonly Dictionary<string, string> Changing = new(StringComparer.Ordinal)
    {
        ["POST /pki/ocsp"] = "RFC 6960 A.1: a question; changes nothing",
        ["POST /account/sign-out"] = "antiforgery token",
        ["POST /admin/audit/export/csv"] = "antiforgery token, auditor; a file, and a record of it",
        ["POST /admin/audit/export/json"] = "antiforgery token, auditor; a file, and a record of it",
        ["POST /account/export"] = "antiforgery token, session; the person's own data, limited per person, and a record of it",
        ["POST /account/passkeys/request-options"] = "antiforgery token; a challenge",
        ["POST /account/passkeys/creation-options"] = "antiforgery token, session and passphrase; a challenge",
        ["POST /api/v1/request-preview"] = "antiforgery token, limited per address; a question, changes nothing",
        ["POST /account/certificates/{serial}/download"] = "antiforgery token, session and passphrase; a file",
        ["POST /api/v1/revocations"] = "signed by the certificate's own key, no cookie; limited per address",
        ["POST /api/v1/mirror/inventory"] = "signed with the two portals' secret, no cookie; limited per portal and address, shut by default; a question",
        ["POST /api/v1/mirror/changes"] = "signed with the two portals' secret, no cookie; limited per portal and address, shut by default",
        ["POST /star/registration"] = "a consumer's credential in each request, no cookie; limited per consumer and address",
    };

    [Fact]
    public void Doors_ThatChangeState_AreThoseOnTheMap()
    {
        var doors = Doors().SelectMany(door => MethodsOf(door).Where(method => method is not "GET" and not "HEAD").Select(method => $"{method} {Path(door)}"))
            .Where(door => !IsBlazor(door)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.DoesNotContain(doors.Except(Changing.Keys, StringComparer.Ordinal), door => !IsAcme(door));
    }

    /// <summary>ACME's doors have no cookie and no token: each says who has to sign the request, and takes it signed only.</summary>
    [Fact]
    public void AcmeDoors_ThatChangeState_SayWhoSigns()
    {
        var doors = Doors().Where(door => IsAcme($"POST {Path(door)}") && MethodsOf(door).Any(method => method is not "GET" and not "HEAD")).ToList();
        Assert.NotEmpty(doors);
        Assert.All(doors, door => Assert.Contains(door.Metadata, item => item.GetType().Name == "AcmeSignerMetadata"));
        Assert.All(doors, door => Assert.Equal("POST", Assert.Single(MethodsOf(door))));
    }

    [Fact]
    public void Doors_NameTheirMethods() =>
        Assert.DoesNotContain(Doors(), door => MethodsOf(door).Count == 0 && !IsBlazor(Path(door)));

    private static IEnumerable<RouteEndpoint> Doors()
    {
        var builder = PortalHost.CreateBuilder(["--Portal:HttpsPort", "1", "--Portal:HttpPort", "2"]);
        using var app = builder.Build();
        app.MapRooms();
        app.MapPortalDoors();
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
    }

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint door) => door.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];

    private static string Path(RouteEndpoint door) => "/" + door.RoutePattern.RawText?.TrimStart('/');

    private static bool IsAcme(string door) => door.StartsWith("POST /acme/", StringComparison.Ordinal) || door.StartsWith("POST /delegation/", StringComparison.Ordinal);

    private static bool IsBlazor(string door) => door.Contains("/_blazor", StringComparison.Ordinal) || door.Contains("/_framework", StringComparison.Ordinal);
}
