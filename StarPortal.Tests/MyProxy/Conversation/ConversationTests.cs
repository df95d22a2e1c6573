using System.Security.Cryptography.X509Certificates;
using System.Text;
using StarPortal.Core.MyProxy;

namespace StarPortal.Tests.MyProxy.Conversation;

[Trait("Category", "Unit")]
public sealed class ConversationTests : IAsyncLifetime
{
    private const string Ok = "VERSION=MYPROXYv2\nRESPONSE=0\n|";
    private const string Error = "VERSION=MYPROXYv2\nRESPONSE=1\nERROR=";

    private ConversationScene scene = null!;

    public async ValueTask InitializeAsync()
    {
        scene = await ConversationScene.StartAsync();
        await scene.StoreAsync();
    }

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public void Table_LeadsEachCommandFromItsRequestToTheEnd()
    {
        var steps = scene.Portal.Get<ConversationTable>().Steps.ToLookup(step => step.Command);
        foreach (var command in Enum.GetValues<MyProxyCommand>())
        {
            var reached = new HashSet<ConversationState> { ConversationState.Asked };
            foreach (var step in steps[command].OrderBy(step => step.State)) if (reached.Contains(step.State)) reached.UnionWith(step.Next);
            Assert.Contains(ConversationState.Over, reached);
            Assert.Equal(reached.Order(), steps[command].Select(step => step.State).Append(ConversationState.Over).Order());
        }
    }

    [Fact]
    public async Task Get_GivesAProxyAndItsChainInOneMessage()
    {
        var channel = await scene.RunAsync(ConversationScene.Nobody, ConversationScene.Request(MyProxyCommand.Get), ConversationScene.SigningRequest());
        Assert.Equal(3, channel.Sent.Count);
        Assert.Equal(2, channel.Sent[1][0]);
        using var proxy = X509CertificateLoader.LoadCertificate(channel.Sent[1][1..]);
        Assert.Equal(scene.Pki.User.Certificate.SubjectName.RawData, proxy.IssuerName.RawData);
    }

    [Fact]
    public async Task Get_TellsTheTrustRoots_WhenTheyAreWanted()
    {
        var channel = await scene.RunAsync(ConversationScene.Nobody, ConversationScene.Request(MyProxyCommand.Get, "TRUSTED_CERTS=1\n"));
        Assert.StartsWith("VERSION=MYPROXYv2\nRESPONSE=0\nTRUSTED_CERTS=", channel.Told, StringComparison.Ordinal);
        Assert.Equal(ConversationOutcome.Refused, scene.Outcome); // it left before its signing request
    }

    [Theory]
    [InlineData(MyProxyCommand.Info, "CRED_OWNER=/O=StarGrid/OU=People/CN=Bob Badger")]
    [InlineData(MyProxyCommand.Destroy, Ok)]
    [InlineData(MyProxyCommand.GetTrustRoots, "FILEDATA_")]
    [InlineData(MyProxyCommand.Retrieve, "ENCRYPTED PRIVATE KEY")]
    public async Task Command_IsAnswered(MyProxyCommand command, string told)
    {
        Assert.Contains(told, (await scene.RunAsync(ConversationScene.Bob, ConversationScene.Request(command))).Told, StringComparison.Ordinal);
        Assert.Equal(ConversationOutcome.Done, scene.Outcome);
    }

    [Fact]
    public async Task Change_TakesTheOldPassphraseAway()
    {
        Assert.Equal(Ok, (await scene.RunAsync(ConversationScene.Bob, ConversationScene.Request(MyProxyCommand.ChangePassphrase, "NEW_PHRASE=another one\n"))).Told);
        Assert.StartsWith(Error, (await scene.RunAsync(ConversationScene.Nobody, ConversationScene.Request(MyProxyCommand.Get))).Told, StringComparison.Ordinal);
        Assert.StartsWith(Ok, (await scene.RunAsync(ConversationScene.Nobody, ConversationScene.Request(MyProxyCommand.Get, passphrase: "another one"))).Told, StringComparison.Ordinal);
    }

    /// <summary>The genuine server strips the key's encryption then.</summary>
    [Fact]
    public async Task Change_IsRefused_WhenTheNewPassphraseIsEmpty() =>
        Assert.StartsWith(Error, (await scene.RunAsync(ConversationScene.Bob, ConversationScene.Request(MyProxyCommand.ChangePassphrase))).Told, StringComparison.Ordinal);

    [Fact]
    public async Task Error_SaysWhyACertificateCountedForNothing()
    {
        var peer = ConversationScene.Nobody with { Objection = "certificate has expired" };
        Assert.Contains("ERROR=The client's certificate was not accepted: certificate has expired\n", (await scene.RunAsync(peer, ConversationScene.Request(MyProxyCommand.Info))).Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_ThatWantsNothing_IsNoFailure()
    {
        Assert.Empty((await scene.RunAsync(ConversationScene.Nobody, "")).Sent);
        Assert.Equal(ConversationOutcome.Left, scene.Outcome);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a/b")]
    [InlineData("$(reboot)")]
    [InlineData("' OR 1=1 --")]
    [InlineData("*")]
    public async Task UserName_IsATextAndNothingElse(string userName) =>
        Assert.StartsWith(Error, (await scene.RunAsync(ConversationScene.Nobody, ConversationScene.Request(MyProxyCommand.Get, userName: userName))).Told, StringComparison.Ordinal);

    [Fact]
    public async Task UserName_IsRefused_WhenItIsHundredThousandLetters() =>
        Assert.Contains("ERROR=Error in myproxy_recv_ex()", (await scene.RunAsync(ConversationScene.Nobody, Encoding.ASCII.GetBytes(ConversationScene.Request(MyProxyCommand.Get, userName: new string('u', 100_000))).Chunk(16_000))).Told, StringComparison.Ordinal);
}
