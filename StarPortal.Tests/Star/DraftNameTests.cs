using System.Text.Json.Nodes;
using StarPortal.Tests.Acme;

namespace StarPortal.Tests.Star;

/// <summary>Orders by the names of the drafts before RFC 8739 (draft-ietf-acme-star-00 to -08), as the seed places them.</summary>
[Trait("Category", "Unit")]
public sealed class DraftNameTests
{
    private const string Name = "star.lab.example.org";

    [Fact]
    public async Task Order_IsMapped_AndToldInBothNames()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var placed = await OrderAsync(client, Recurrent(scene, draft =>
        {
            draft["recurrent-start-date"] = StarOrderScene.Text(scene.Now.AddHours(1));
            draft["recurrent-certificate-predate"] = 14_400;
        }));
        Assert.Equal(201, (int)placed.Status);

        var renewal = placed.Json["auto-renewal"]!;
        Assert.Equal((StarOrderScene.Text(scene.Now.AddHours(1)), StarOrderScene.Text(scene.Now.AddDays(1))), (renewal["start-date"]!.ToString(), renewal["end-date"]!.ToString()));
        Assert.Equal((21_600, 14_400, true), (renewal["lifetime"]!.GetValue<long>(), renewal["lifetime-adjust"]!.GetValue<long>(), renewal["allow-certificate-get"]!.GetValue<bool>()));

        var json = placed.Json;
        Assert.True(json["recurrent"]!.GetValue<bool>());
        Assert.Equal((renewal["start-date"]!.ToString(), renewal["end-date"]!.ToString()), (json["recurrent-start-date"]!.ToString(), json["recurrent-end-date"]!.ToString()));
        Assert.Equal((21_600, 14_400, true), (json["recurrent-certificate-validity"]!.GetValue<long>(), json["recurrent-certificate-predate"]!.GetValue<long>(), json["recurrent-certificate-get"]!.GetValue<bool>()));
    }

    /// <summary>-01 to -08 count the validity in seconds; the prototype once took them for minutes.</summary>
    [Fact]
    public async Task Certificates_LiveForTheSecondsThatWereAsked_AndAreFetchedWithTheHeadersOfTheDrafts()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await client.FinalizeAsync(await OrderAsync(client, Recurrent(scene)), OrderScene.Csr(Name));
        var fetched = await scene.GetAsync(valid);
        using var certificate = StarOrderScene.Read(fetched);
        Assert.Equal(TimeSpan.FromSeconds(21_600), certificate.NotAfter - certificate.NotBefore);
        Assert.Equal(Assert.Single(fetched.Headers["Cert-Not-Before"]), Assert.Single(fetched.Headers["Not-Before"]));
        Assert.Equal($"{certificate.NotAfter.ToUniversalTime():R}", Assert.Single(fetched.Headers["Not-After"]));
        Assert.Equal(1, await scene.PassAsync(TimeSpan.FromHours(3)));
    }

    [Fact]
    public async Task Order_ByTheRfcsNames_IsNotToldInTheDrafts()
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var valid = await scene.BeginAsync(client);
        Assert.DoesNotContain(valid.Json, member => member.Key.StartsWith("recurrent", StringComparison.Ordinal));
        Assert.Empty((await scene.GetAsync(valid)).Headers["Not-After"]);
    }

    /// <summary>draft-00 has days from now in the place of an end.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(5)]
    public async Task TotalLifetime_IsDaysFromTheStart(int? startsInHours)
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var start = scene.Now.AddHours(startsInHours ?? 0);
        var placed = await OrderAsync(client, Recurrent(scene, draft =>
        {
            draft.Remove("recurrent-end-date");
            draft["recurrent-total-lifetime"] = 3;
            if (startsInHours is not null) draft["recurrent-start-date"] = StarOrderScene.Text(start);
        }));
        Assert.Equal(StarOrderScene.Text(start.AddDays(3)), placed.Json["auto-renewal"]!["end-date"]!.ToString());
    }

    /// <summary>Only -04 and later know the member; before them every certificate was fetched by GET.</summary>
    [Theory]
    [InlineData(null, true, 200)]
    [InlineData(true, true, 200)]
    [InlineData(false, false, 403)]
    public async Task CertificateGet_IsAllowed_UnlessTheOrderSaysNo(bool? asked, bool told, int status)
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var placed = await OrderAsync(client, Recurrent(scene, draft =>
        {
            if (asked is { } flag) draft["recurrent-certificate-get"] = flag;
        }));
        Assert.Equal(told, placed.Json["recurrent-certificate-get"]!.GetValue<bool>());
        Assert.Equal(status, (int)(await scene.GetAsync(await client.FinalizeAsync(placed, OrderScene.Csr(Name)))).Status);
    }

    public static TheoryData<string, string, string> Unusable => new()
    {
        { "recurrent", "false", "recurrent" },
        { "recurrent", "\"true\"", "recurrent" },
        { "recurrent", "1", "recurrent" },
        { "recurrent", "null", "recurrent" },
        { "recurrent", "{}", "recurrent" },
        { "recurrent-start-date", "\"tomorrow\"", "recurrent-start-date" },
        { "recurrent-start-date", "1480000000", "recurrent-start-date" },
        { "recurrent-start-date", "\"2030-01-01T00:00:00Z\"", "end-date" },
        { "recurrent-end-date", "\"2017-01-01T00:00:00Z\"", "end-date" },
        { "recurrent-end-date", "\"2017-01-01\"", "recurrent-end-date" },
        { "recurrent-end-date", "\"9999-12-31T23:59:59Z\"", "end-date" },
        { "recurrent-certificate-validity", "\"604800\"", "recurrent-certificate-validity" },
        { "recurrent-certificate-validity", "0", "lifetime" },
        { "recurrent-certificate-validity", "-1", "lifetime" },
        { "recurrent-certificate-validity", "60", "lifetime" },
        { "recurrent-certificate-validity", "1.5", "recurrent-certificate-validity" },
        { "recurrent-certificate-validity", "9223372036854775808", "recurrent-certificate-validity" },
        { "recurrent-certificate-predate", "-1", "lifetime-adjust" },
        { "recurrent-certificate-predate", "\"1\"", "recurrent-certificate-predate" },
        { "recurrent-certificate-get", "\"yes\"", "recurrent-certificate-get" },
        { "notAfter", "\"2030-01-01T00:00:00Z\"", "notAfter" },
        { "auto-renewal", "{\"end-date\":\"2030-01-01T00:00:00Z\",\"lifetime\":3600}", "not both" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task Order_IsRefused_AndSaysByWhichMember(string member, string value, string named)
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var refused = await OrderAsync(client, Recurrent(scene, draft => draft[member] = JsonNode.Parse(value)));
        Assert.Equal((400, "malformed"), refused.Outcome);
        Assert.Contains(named, refused.Json["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("recurrent-end-date")]
    [InlineData("recurrent-certificate-validity")]
    public async Task Order_IsRefused_WhenAMemberIsMissing(string member)
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var refused = await OrderAsync(client, Recurrent(scene, draft => draft.Remove(member)));
        Assert.Equal((400, "malformed"), refused.Outcome);
        Assert.Contains($"{member} is missing", refused.Json["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("36501")]
    [InlineData("\"3\"")]
    public async Task TotalLifetime_IsRefused_WhenItIsNoNumberOfDays(string days)
    {
        await using var scene = await StarOrderScene.StartAsync();
        using var client = await scene.NewAccountAsync();
        var refused = await OrderAsync(client, Recurrent(scene, draft =>
        {
            draft.Remove("recurrent-end-date");
            draft["recurrent-total-lifetime"] = JsonNode.Parse(days);
        }));
        Assert.Equal((400, "malformed"), refused.Outcome);
    }

    /// <summary>RFC 8555 7.1: members that are not known are ignored.</summary>
    [Fact]
    public async Task Members_AreIgnored_WithoutDraftCompatibility()
    {
        await using var scene = await StarOrderScene.StartAsync(null, ("Star:DraftCompatibility", "false"));
        using var client = await scene.NewAccountAsync();
        var done = await client.FinalizeAsync(await OrderAsync(client, Recurrent(scene)), OrderScene.Csr(Name));
        Assert.Equal("valid", done.Json["status"]!.ToString());
        Assert.NotNull(done.Json["certificate"]);
        Assert.DoesNotContain(done.Json, member => member.Key is "auto-renewal" or "star-certificate" || member.Key.StartsWith("recurrent", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task Meta_HasTheDraftsMembers_WhereTheyAreTaken(string option, bool taken)
    {
        await using var scene = await StarOrderScene.StartAsync(null, ("Star:DraftCompatibility", option));
        using var client = new AcmeClient(scene.Portal.Client);
        var meta = (await client.DirectoryAsync())["meta"]!.AsObject();
        Assert.Equal(3_600, meta["auto-renewal"]!["min-lifetime"]!.GetValue<long>());
        Assert.Equal(taken ? (true, 3_600L, 31_536_000L, true) : null,
            meta.ContainsKey("star-enabled")
                ? (meta["star-enabled"]!.GetValue<bool>(), meta["star-min-cert-validity"]!.GetValue<long>(), meta["star-max-renewal"]!.GetValue<long>(), meta["star-allow-certificate-get"]!.GetValue<bool>())
                : ((bool, long, long, bool)?)null);
        Assert.Equal(taken, meta.Any(member => member.Key.StartsWith("star-", StringComparison.Ordinal)));
    }

    /// <summary>As the seed's text has it: a day of certificates of six hours.</summary>
    private static JsonObject Recurrent(StarOrderScene scene, Action<JsonObject>? change = null)
    {
        var order = AcmeClient.OrderOf(Name);
        (order["recurrent"], order["recurrent-end-date"], order["recurrent-certificate-validity"]) = (true, StarOrderScene.Text(scene.Now.AddDays(1)), 21_600);
        change?.Invoke(order);
        return order;
    }

    private static async Task<AcmeAnswer> OrderAsync(AcmeClient client, JsonObject order) => await client.AskAsync(await client.UrlOfAsync("newOrder"), order);
}
