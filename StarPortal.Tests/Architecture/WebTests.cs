using System.Text.RegularExpressions;

namespace StarPortal.Tests.Architecture;

/// <summary>What holds for every page and door, read from the sources.</summary>
[Trait("Category", "Unit")]
public sealed partial class WebTests
{
    private static readonly SourceFile[] Razor = [.. Sources.Under("StarPortal.Web/Components", "*.razor")];

    private static IEnumerable<SourceFile> Pages => Razor.Where(file => PageDirective().IsMatch(file.Text));

    /// <summary>Carries Identity's unit of work to Mail, since Identity may not use Mail; touches no set.</summary>
    private const string Bridge = "StarPortal.Web/Hosting/InvitationMail.cs";

    [Fact]
    public void Web_UsesServicesAndReadModels_NeverTheDatabaseContext() =>
        Assert.Empty(Sources.Under("StarPortal.Web", "*.cs").Concat(Razor).Where(file => file.Path != Bridge && DatabaseContext().IsMatch(file.Text)).Select(file => file.Path));

    [Fact]
    public void Page_HasOneHeading() =>
        Assert.All(Pages, page => Assert.True(Heading().Count(page.Text) is var headings && (headings >= 1 || UsesErrorView(page)), $"{page.Path} has no PageHeader."));

    [Fact]
    public void Heading_ComesFromPageHeader() =>
        Assert.Empty(Razor.Where(file => file.Text.Contains("<h1", StringComparison.Ordinal) && !file.Path.EndsWith("/PageHeader.razor", StringComparison.Ordinal)).Select(file => file.Path));

    /// <summary>The Content-Security-Policy allows neither.</summary>
    [Fact]
    public void Markup_HasNoInlineStyleNorScript() =>
        Assert.Empty(Razor.SelectMany(file => InlineCode().Matches(file.Text).Select(match => $"{file.Path}: {match.Value}")));

    [Fact]
    public void Form_IsPosted_CarriesItsTokenAndName() =>
        Assert.Empty(Razor.SelectMany(file => PostForm().Matches(file.Text).Where(match => !IsProtected(file, match)).Select(match => $"{file.Path}: {match.Value}")));

    /// <summary>Pages that mail links to, and where decisions are made, have to work without a circuit.</summary>
    [Fact]
    public void FormPage_IsStatic() =>
        Assert.Empty(Pages.Where(page => page.Text.Contains("SupplyParameterFromForm", StringComparison.Ordinal) && page.Text.Contains("@rendermode", StringComparison.Ordinal)).Select(page => page.Path));

    private static bool UsesErrorView(SourceFile page) => page.Text.Contains("<ErrorView", StringComparison.Ordinal);

    private static bool IsProtected(SourceFile file, Match form)
    {
        var end = file.Text.IndexOf("</form>", form.Index, StringComparison.Ordinal);
        return end > 0 && file.Text[form.Index..end].Contains("<AntiforgeryToken", StringComparison.Ordinal);
    }

    [GeneratedRegex("^@page ", RegexOptions.Multiline, 1000)]
    private static partial Regex PageDirective();

    [GeneratedRegex("PortalDbContext|IDbContextFactory|EntityFrameworkCore", RegexOptions.None, 1000)]
    private static partial Regex DatabaseContext();

    [GeneratedRegex("<PageHeader", RegexOptions.None, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex("""\sstyle="[^"]*"|<style\b|<script(?![^>]*\ssrc=)[^>]*>|\son(click|change|submit|load|input)="[^@"][^"]*"|javascript:""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InlineCode();

    [GeneratedRegex("""<form\b[^>]*method="post"[^>]*>""", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex PostForm();
}
