using System.Text;
using StarPortal.Core.Registry;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Registry;

/// <summary>The format, by a strict parser of our own and by the Globus library itself.</summary>
[Trait("Category", "Unit")]
public sealed class GridMapfileTests
{
    /// <summary>As grid tools write names: printable ASCII, the rest as \xHH.</summary>
    private static readonly string[] OddDns =
    [
        "/C=US/O=Fusion/CN=Ada Lovelace", "/C=US/O=Fusion/CN=Ada \"the Countess\" Lovelace", @"/C=US/O=Fusion/CN=Zo\xC3\xAB", @"/C=US/O=back\slash/CN=x", "/O=# hash/CN=# hash",
        "/O=a,b;c/CN=d e  f", "/O=Grid/CN=host/www.example.org", @"/O=Grid/CN=a\/b", "/DC=org/DC=starportal/CN='quoted' <x>",
    ];

    [Fact]
    public void File_IsReadBack_WhateverIsInTheNames()
    {
        var people = OddDns.Select((dn, i) => Person(dn, $"u{i}", "shared")).ToList();
        var read = Parse(GridMapfile.Write(people));
        Assert.Equal(OddDns.Order(StringComparer.Ordinal), read.Select(line => line.Dn));
        Assert.All(read, line => Assert.Equal(people.Single(person => person.Dn == line.Dn).Accounts, line.Accounts));
    }

    [Fact]
    public void File_HasTheDocumentedForm() =>
        Assert.Equal("\"/C=US/O=Fusion/CN=Ada \\\"Q\\\" Lovelace\" ada,mds\n\"/C=US/O=Fusion/CN=Bob\" bob\n", GridMapfile.Write([Person("/C=US/O=Fusion/CN=Bob", "bob"), Person("/C=US/O=Fusion/CN=Ada \"Q\" Lovelace", "ada", "mds")]));

    [Theory]
    [InlineData("/O=Grid/CN=a\n\"/O=Grid/CN=root\" root")]
    [InlineData("/O=Grid/CN=ä")]
    [InlineData("CN=a")]
    [InlineData("/O=ends with \\")]
    [InlineData("/O=a\\\"b")]
    [InlineData("")]
    public void Name_ThatCouldEndALine_IsLeftOut(string dn) => Assert.Equal("", GridMapfile.Write([Person(dn, "a")]));

    /// <summary>Globus compares without regard to case and takes the first line: either of them would be the other.</summary>
    [Fact]
    public void Names_ThatDifferByCaseAlone_AreLeftOut() =>
        Assert.Equal("\"/O=Grid/CN=Bob\" bob\n", GridMapfile.Write([Person("/O=Grid/CN=Ada", "ada"), Person("/O=Grid/CN=Bob", "bob"), Person("/O=Grid/CN=ADA", "mallory")]));

    [Fact]
    public void Person_WithoutAnAccount_IsLeftOut() => Assert.Equal("", GridMapfile.Write([Person("/O=Grid/CN=Ada")]));

    [Fact]
    [Trait("Category", "Interop")]
    public async Task File_IsReadByTheGlobusLibrary()
    {
        using var folder = new TestFolder();
        string[] dns = [.. OddDns, "/O=Grid/CN=Bob"];
        await File.WriteAllTextAsync(folder["grid-mapfile"], GridMapfile.Write(dns.Select((dn, i) => Person(dn, $"u{i}", "second"))), TestContext.Current.CancellationToken);

        var said = await Tool.MustRunAsync("python3", [Repository.PathOf("StarPortal.Tests", "Registry", "gridmap.py"), folder["grid-mapfile"], .. dns, "/O=Grid/CN=Mallory"]);

        Assert.Equal([.. dns.Select((_, i) => $"u{i} yes"), "none"], said.TrimEnd().Split('\n'));
    }

    private static AllowedPerson Person(string dn, params string[] accounts) => new(Guid.NewGuid(), "x", dn, accounts, null);

    /// <summary>As the format is defined, and nothing else.</summary>
    private static List<(string Dn, string[] Accounts)> Parse(string text)
    {
        List<(string, string[])> lines = [];
        Assert.True(text.Length == 0 || text.EndsWith('\n'));
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Equal('"', line[0]);
            var dn = new StringBuilder();
            var at = 1;
            for (; line[at] != '"'; at++) dn.Append(line[at] == '\\' ? line[++at] : line[at]);
            Assert.Equal(' ', line[at + 1]);
            var accounts = line[(at + 2)..].Split(',');
            Assert.All(accounts, account => Assert.Matches("^[A-Za-z_][A-Za-z0-9_.-]*$", account));
            lines.Add((dn.ToString(), accounts));
        }

        return lines;
    }
}
