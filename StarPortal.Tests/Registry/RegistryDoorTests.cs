using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Identity;
using StarPortal.Core.Registry;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Registry;

/// <summary>What machines get over HTTP for a token, and for none.</summary>
[Trait("Category", "Unit")]
public sealed class RegistryDoorTests
{
    private static readonly Actor Maker = Actor.System("test");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Decision_SaysWhetherAndAsWho_AndTellsNobodyApart()
    {
        await using var portal = await WebPortal.StartAsync();
        var token = await AddAsync(portal, "cluster", "ada", "bob");
        await EnterAsync(portal, "carol");

        var may = await AskAsync(portal, "/api/v1/registry/decision?resource=cluster&dn=%2FO%3DGrid%2FCN%3Dada", token);
        Assert.Equal("""{"resource":"cluster","dn":"/O=Grid/CN=ada","allowed":true,"user":"ada","account":"ada","accounts":["ada"]}""", await may.Content.ReadAsStringAsync(Ct));
        Assert.Equal("no-store", may.Headers.CacheControl?.ToString());
        foreach (var name in (string[])["carol", "nobody", "ADA"]) // Without access, unknown, and another name.
        {
            var answer = await AskAsync(portal, $"/api/v1/registry/decision?resource=cluster&dn=/O%3DGrid/CN%3D{name}", token);
            Assert.Equal($$"""{"resource":"cluster","dn":"/O=Grid/CN={{name}}","allowed":false}""", await answer.Content.ReadAsStringAsync(Ct));
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(portal, "/api/v1/registry/decision?resource=cluster", token)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(portal, "/api/v1/registry/decision?resource=cluster&dn=CN%3Dada", token)).StatusCode);
    }

    [Fact]
    public async Task GridMapfile_IsKeptByItsTag()
    {
        await using var portal = await WebPortal.StartAsync();
        var token = await AddAsync(portal, "cluster", "bob", "ada");
        const string Path = "/api/v1/registry/resources/cluster/grid-mapfile";

        var first = await AskAsync(portal, Path, token);
        Assert.Equal("\"/O=Grid/CN=ada\" ada\n\"/O=Grid/CN=bob\" bob\n", await first.Content.ReadAsStringAsync(Ct));
        Assert.Equal("text/plain", first.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotModified, (await AskAsync(portal, Path, token, first.Headers.ETag)).StatusCode);
        await AllowAsync(portal, "cluster", "carol");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(portal, Path, token, first.Headers.ETag)).StatusCode);
    }

    [Fact]
    public async Task People_ComeByPages()
    {
        await using var portal = await WebPortal.StartAsync();
        var token = await AddAsync(portal, "cluster", "bob", "ada");
        var all = (await (await AskAsync(portal, "/api/v1/registry/resources/cluster/people", token)).Content.ReadFromJsonAsync<JsonObject>(Ct))!;
        Assert.Equal(["ada", "bob"], all["people"]!.AsArray().Select(person => (string?)person!["user"]));
        Assert.Null(all["next"]);
        var rest = (await (await AskAsync(portal, "/api/v1/registry/resources/cluster/people?after=/O%3DGrid/CN%3Dada", token)).Content.ReadFromJsonAsync<JsonObject>(Ct))!;
        Assert.Equal(["bob"], rest["people"]!.AsArray().Select(person => (string?)person!["user"]));
    }

    [Fact]
    public async Task Token_IsForItsResourceOnly_AndAsLongAsItIsInForce()
    {
        await using var portal = await WebPortal.StartAsync();
        var token = await AddAsync(portal, "cluster", "ada");
        var other = await AddAsync(portal, "other", "bob");
        const string Path = "/api/v1/registry/resources/cluster/people";

        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(portal, Path, other)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(portal, "/api/v1/registry/resources/no-such/people", token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(portal, "/api/v1/registry/decision?resource=other&dn=/O%3DGrid/CN%3Dbob", token)).StatusCode);
        foreach (var wrong in (string?[])[null, "", "wrong", SecureTokens.NewToken()])
        {
            var answer = await AskAsync(portal, Path, wrong);
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer realm=\"registry\""), (answer.StatusCode, answer.Headers.WwwAuthenticate.ToString()));
        }

        await using var db = portal.NewDb();
        var known = await db.RegistryTokens.SingleAsync(row => row.Hash == SecureTokens.Hash(token), Ct);
        Assert.NotNull(known.LastUsedAt);
        await portal.Get<TokenService>().RevokeAsync(known.Id, Maker, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(portal, Path, token)).StatusCode);
        await portal.Get<ResourceService>().CloseAsync((await db.RegistryResources.SingleAsync(row => row.Name == "other", Ct)).Id, Maker, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(portal, "/api/v1/registry/resources/other/people", other)).StatusCode);
    }

    [Fact]
    public async Task Questions_AreLimited_ByTokenAndByWrongTokens()
    {
        await using var portal = await WebPortal.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Registry:QuestionsPerTokenPerMinute"] = "3" });
        var token = await AddAsync(portal, "cluster", "ada");
        const string Path = "/api/v1/registry/resources/cluster/people";
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await AskAsync(portal, Path, token)).StatusCode);
        var refused = await AskAsync(portal, Path, token);
        Assert.Equal((HttpStatusCode.TooManyRequests, true), (refused.StatusCode, refused.Headers.RetryAfter is not null));

        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 30; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(portal, Path, $"guess{i}")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AskAsync(portal, Path, "guess")).StatusCode);
    }

    [Fact]
    public async Task GridMapfile_IsThereOnlyWhereTheResourceHasOne()
    {
        await using var portal = await WebPortal.StartAsync();
        var token = await AddAsync(portal, "cluster", "ada");
        await using var db = portal.NewDb();
        var id = (await db.RegistryResources.SingleAsync(Ct)).Id;
        await portal.Get<ResourceService>().ChangeAsync(id, new("", "", HasGridMapfile: false, null), Maker, Ct);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(portal, "/api/v1/registry/resources/cluster/grid-mapfile", token)).StatusCode);
    }

    private static async Task<HttpResponseMessage> AskAsync(WebPortal portal, string path, string? token, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (known is not null) request.Headers.IfNoneMatch.Add(known);
        return await portal.Client.SendAsync(request, Ct);
    }

    /// <returns>A token of the resource, whose first person owns it.</returns>
    private static async Task<string> AddAsync(WebPortal portal, string resource, params string[] people)
    {
        foreach (var name in people) await EnterAsync(portal, name);
        var made = await portal.Get<ResourceService>().CreateAsync(new(resource, "", HasGridMapfile: true, null), people[0], Maker, Ct);
        foreach (var name in people) await portal.Get<AccessDesk>().GrantAsync(made.Id, name, new(null, null), Maker, Ct);
        return await portal.Get<TokenService>().AddAsync(made.Id, "login1", Maker, Ct);
    }

    private static async Task AllowAsync(WebPortal portal, string resource, string name)
    {
        await EnterAsync(portal, name);
        await using var db = portal.NewDb();
        await portal.Get<AccessDesk>().GrantAsync((await db.RegistryResources.SingleAsync(row => row.Name == resource, Ct)).Id, name, new(null, null), Maker, Ct);
    }

    private static async Task EnterAsync(WebPortal portal, string name)
    {
        await using var db = portal.NewDb();
        var user = portal.Get<AccountRegistrar>().Add(db, new NewAccount { UserName = name, FullName = name, Email = $"{name}@example.org" }, Maker);
        user.EmailConfirmed = true;
        await portal.Get<RegistryMembership>().EnterAsync(db, user, $"/O=Grid/CN={name}", Maker, Ct);
        await db.SaveChangesAsync(Ct);
    }
}
