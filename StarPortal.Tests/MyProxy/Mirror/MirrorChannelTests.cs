using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.MyProxy.Repository;

namespace StarPortal.Tests.MyProxy.Mirror;

/// <summary>The door for other portals' copies, asked by whoever likes.</summary>
[Trait("Category", "Unit")]
public sealed class MirrorChannelTests : IAsyncLifetime
{
    private MirrorScene scene = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => scene = await MirrorScene.StartAsync();

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task Question_IsAnswered_AndTheAnswerSigned()
    {
        var body = Json(new MirrorInventoryQueryJson(0));
        var proof = Prove(body);
        using var answer = await AskAsync(MirrorEndpoints.InventoryPath, body, proof.ToString());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(proof.IsAnsweredBy(scene.Secret, answer.Headers.GetValues(MirrorProof.Header).Single(), await answer.Content.ReadAsByteArrayAsync(Ct)));
        Assert.False(proof.IsAnsweredBy(scene.Secret, answer.Headers.GetValues(MirrorProof.Header).Single(), "{}"u8));
    }

    [Fact]
    public async Task Question_IsRefused_WhenItIsNotSigned_OrByAnother()
    {
        var body = Json(new MirrorInventoryQueryJson(0));
        var wrong = MirrorProof.Make(scene.ThirdSecret, "first", MirrorEndpoints.InventoryPath, body, scene.Second.Clock.Now);
        var unknown = MirrorProof.Make(scene.Secret, "fourth", MirrorEndpoints.InventoryPath, body, scene.Second.Clock.Now);
        var elsewhere = MirrorProof.Make(scene.Secret, "first", MirrorEndpoints.ChangesPath, body, scene.Second.Clock.Now);
        var reworded = Prove(Json(new MirrorInventoryQueryJson(1)));
        foreach (var header in new[] { null, "", "v1", "v1 first 0 x y", $"{Prove(body)} more", wrong.ToString(), unknown.ToString(), elsewhere.ToString(), reworded.ToString(), (Prove(body) with { Source = "third" }).ToString() })
            await RequireRefusedAsync(HttpStatusCode.Unauthorized, MyProxyErrors.MirrorUnknown().Message, MirrorEndpoints.InventoryPath, body, header);
    }

    [Fact]
    public async Task Question_IsRefused_WhenItIsSaidAgain()
    {
        var body = Json(new MirrorInventoryQueryJson(0));
        var header = Prove(body).ToString();
        using var first = await AskAsync(MirrorEndpoints.InventoryPath, body, header);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await RequireRefusedAsync(HttpStatusCode.Conflict, MyProxyErrors.MirrorReplayed().Message, MirrorEndpoints.InventoryPath, body, header);

        scene.Second.Clock.Advance(TimeSpan.FromMinutes(6)); // Long enough for the time to be the reason, not so long that it is forgotten.
        await RequireRefusedAsync(HttpStatusCode.Forbidden, MyProxyErrors.MirrorStale(MirrorGate.Tolerance).Message, MirrorEndpoints.InventoryPath, body, header);
    }

    [Theory]
    [InlineData(-6)]
    [InlineData(6)]
    public async Task Question_IsRefused_WhenTheClocksDiffer(int minutes)
    {
        var body = Json(new MirrorInventoryQueryJson(0));
        var proof = MirrorProof.Make(scene.Secret, "first", MirrorEndpoints.InventoryPath, body, scene.Second.Clock.Now.AddMinutes(minutes));
        await RequireRefusedAsync(HttpStatusCode.Forbidden, MyProxyErrors.MirrorStale(MirrorGate.Tolerance).Message, MirrorEndpoints.InventoryPath, body, proof.ToString());
    }

    [Fact]
    public async Task Nonces_AreForgotten_WhenTheirTimeIsOver()
    {
        await Known(MirrorEndpoints.InventoryPath, Json(new MirrorInventoryQueryJson(0)));
        scene.Second.Clock.Advance(TimeSpan.FromHours(1));
        await Known(MirrorEndpoints.InventoryPath, Json(new MirrorInventoryQueryJson(0)));
        await using var db = scene.Second.NewDb();
        Assert.Equal(1, await db.MirrorNonces.CountAsync(Ct));
    }

    [Fact]
    public async Task Question_IsRefused_WhenItIsTooLong() =>
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await AskAsync(MirrorEndpoints.ChangesPath, new byte[MirrorJson.MaxQuestion + 1], "v1")).StatusCode);

    [Theory]
    [InlineData("""{"skip":0,"more":1}""")]
    [InlineData("""{}""")]
    [InlineData("""{"skip":-1}""")]
    [InlineData("""{"skip":"0"}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Question_IsRefused_WhenItIsNotAsAgreed(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        await RequireRefusedAsync(HttpStatusCode.BadRequest, MyProxyErrors.MirrorUnreadable().Message, MirrorEndpoints.InventoryPath, body, Prove(body).ToString());
    }

    [Fact]
    public async Task Changes_AreRefused_WhenThereAreTooMany()
    {
        var body = Json(new MirrorChangesJson([], [.. Enumerable.Range(0, MirrorJson.MaxChanges + 1).Select(number => $"{number}")]));
        await RequireRefusedAsync(HttpStatusCode.BadRequest, MyProxyErrors.MirrorUnreadable().Message, MirrorEndpoints.ChangesPath, body, Prove(body, MirrorEndpoints.ChangesPath).ToString());
    }

    [Fact]
    public async Task Guessing_IsSlowed()
    {
        var body = Json(new MirrorInventoryQueryJson(0));
        for (var guess = 0; guess < 20; guess++) await RequireRefusedAsync(HttpStatusCode.Unauthorized, MyProxyErrors.MirrorUnknown().Message, MirrorEndpoints.InventoryPath, body, "v1");
        using var answer = await AskAsync(MirrorEndpoints.InventoryPath, body, Prove(body).ToString());
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
    }

    [Theory]
    [InlineData(MirrorEndpoints.InventoryPath)]
    [InlineData(MirrorEndpoints.ChangesPath)]
    public async Task Door_IsShut_WhenNobodyIsNamed(string path)
    {
        await using var portal = await Support.WebPortal.StartAsync();
        using var question = new ByteArrayContent([]);
        Assert.Equal(HttpStatusCode.NotFound, (await portal.Client.PostAsync(new Uri(path, UriKind.Relative), question, Ct)).StatusCode);
    }

    [Fact]
    public async Task CopiesOfAnotherPortal_AreOutOfReach()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        await scene.RunAsync();
        var name = new CredentialKey(ada.Actor.Name, "").Hash;
        var content = await ContentAsync(ada.Actor.Name);

        Assert.Empty((await ThirdAsync<MirrorInventoryQueryJson, MirrorInventoryJson>(MirrorEndpoints.InventoryPath, new(0))).Holdings);
        var stored = await ThirdAsync<MirrorChangesJson, MirrorResultJson>(MirrorEndpoints.ChangesPath, new([MirrorEnvelope.Seal(scene.ThirdSecret, "third", name, content)], []));
        var removed = await ThirdAsync<MirrorChangesJson, MirrorResultJson>(MirrorEndpoints.ChangesPath, new([], [name]));

        Assert.Equal([MyProxyErrors.NotACopyOf().Message, MyProxyErrors.NotACopyOf().Message], [.. stored.Refused.Concat(removed.Refused).Select(refusal => refusal.Reason)]);
        Assert.Equal("second: 1 held, 0 sent, 0 removed, 0 differ", await scene.RunAsync());
    }

    [Fact]
    public async Task Envelope_IsRefused_WhenItIsNotWhatItSays()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        var content = await ContentAsync(ada.Actor.Name);
        var name = new CredentialKey(ada.Actor.Name, "").Hash;
        var good = MirrorEnvelope.Seal(scene.ThirdSecret, "third", name, content);
        MirrorEntryJson[] bad =
        [
            good with { Digest = new string('0', 64) }, good with { Name = new CredentialKey("eve", "").Hash }, good with { Sealed = [] }, good with { Sealed = [.. good.Sealed[..^1], (byte)~good.Sealed[^1]] },
            MirrorEnvelope.Seal(scene.Secret, "third", name, content), MirrorEnvelope.Seal(scene.ThirdSecret, "first", name, content),
            MirrorEnvelope.Seal(scene.ThirdSecret, "third", new CredentialKey("eve", "").Hash, content), MirrorEnvelope.Seal(scene.ThirdSecret, "third", name, "{}"u8.ToArray()),
            MirrorEnvelope.Seal(scene.ThirdSecret, "third", name, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace("\"owner\"", "\"more\":1,\"owner\"", StringComparison.Ordinal))),
            MirrorEnvelope.Seal(scene.ThirdSecret, "third", name, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace("BEGIN CERTIFICATE", "BEGIN NONSENSE", StringComparison.Ordinal))),
        ];

        var result = await ThirdAsync<MirrorChangesJson, MirrorResultJson>(MirrorEndpoints.ChangesPath, new(bad, []));

        Assert.Equal(bad.Length, result.Refused.Count);
        Assert.Null(await scene.FindCopyAsync(ada.Actor.Name));
        Assert.Empty((await ThirdAsync<MirrorChangesJson, MirrorResultJson>(MirrorEndpoints.ChangesPath, new([good], []))).Refused);
    }

    [Fact]
    public async Task Envelope_SaysNothing()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        var said = Encoding.UTF8.GetString(Json(new MirrorChangesJson([MirrorEnvelope.Seal(scene.Secret, "first", new CredentialKey(ada.Actor.Name, "").Hash, await ContentAsync(ada.Actor.Name))], [])));
        Assert.DoesNotContain(ada.Actor.Name, said, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Difference_IsWhatIsMissingOrDifferentOrTooMuch()
    {
        var here = new Dictionary<string, string>(StringComparer.Ordinal) { ["same"] = "1", ["new"] = "1", ["changed"] = "2" };
        var there = new Dictionary<string, string>(StringComparer.Ordinal) { ["same"] = "1", ["changed"] = "1", ["gone"] = "1", ["unreadable"] = "1" };
        var difference = MirrorDifference.Between(here, there, new HashSet<string>(StringComparer.Ordinal) { "unreadable" });
        Assert.Equal(["changed", "new"], difference.Send);
        Assert.Equal(["gone"], difference.Remove);
    }

    private static byte[] Json<T>(T question) => JsonSerializer.SerializeToUtf8Bytes(question, MirrorJson.Options);

    private MirrorProof Prove(byte[] body, string path = MirrorEndpoints.InventoryPath) => MirrorProof.Make(scene.Secret, "first", path, body, scene.Second.Clock.Now);

    private async Task<byte[]> ContentAsync(string userName)
    {
        var row = await Clients.RowAsync(scene.First, userName);
        return MirrorContent.Of(row, scene.First.Get<CredentialVault>().Unseal(row)).ToBytes();
    }

    private async Task<TAnswer> ThirdAsync<TQuestion, TAnswer>(string path, TQuestion question)
    {
        var body = Json(question);
        using var answer = await AskAsync(path, body, MirrorProof.Make(scene.ThirdSecret, "third", path, body, scene.Second.Clock.Now).ToString());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonSerializer.Deserialize<TAnswer>(await answer.Content.ReadAsByteArrayAsync(Ct), MirrorJson.Options)!;
    }

    private async Task Known(string path, byte[] body)
    {
        using var answer = await AskAsync(path, body, Prove(body, path).ToString());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task RequireRefusedAsync(HttpStatusCode status, string reason, string path, byte[] body, string? header)
    {
        using var answer = await AskAsync(path, body, header);
        Assert.Equal(status, answer.StatusCode);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal(reason, problem.RootElement.GetProperty("detail").GetString());
    }

    private async Task<HttpResponseMessage> AskAsync(string path, byte[] body, string? header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new ByteArrayContent(body) };
        if (header is not null) request.Headers.TryAddWithoutValidation(MirrorProof.Header, header);
        return await scene.Second.Client.SendAsync(request, Ct);
    }
}
