using Bunit;
using StarPortal.Web.Components.Shared;

namespace StarPortal.Tests.Web;

/// <summary>Form fields as assistive technology meets them.</summary>
[Trait("Category", "Unit")]
public sealed class FieldTests : BunitContext
{
    [Fact]
    public void Field_NamesItsHintAndItsError_WhenItHasBoth()
    {
        var field = Render<Field>(parameters => parameters
            .Add(p => p.Label, "E-mail").Add(p => p.Name, "Input.Email").Add(p => p.Type, "email").Add(p => p.Value, "a@b")
            .Add(p => p.Hint, "Where we write to").Add(p => p.Error, "No such domain").Add(p => p.Required, true));

        field.MarkupMatches("""
            <div class="field has-error">
              <label for="Email">E-mail</label>
              <p class="hint" id="Email-hint">Where we write to</p>
              <input id="Email" name="Input.Email" type="email" value="a@b" required aria-describedby="Email-hint Email-error" aria-invalid="true">
              <p class="error" id="Email-error">No such domain</p>
            </div>
            """);
    }

    [Fact]
    public void Field_SaysThatItIsOptional_WhenItIs() =>
        Assert.Equal("Phone (optional)", Render<Field>(parameters => parameters.Add(p => p.Label, "Phone").Add(p => p.Name, "Phone")).Find("label").TextContent);

    [Fact]
    public void Field_NeverSendsAPassphraseBack() =>
        Assert.False(Render<Field>(parameters => parameters.Add(p => p.Label, "Passphrase").Add(p => p.Name, "P").Add(p => p.Type, "password").Add(p => p.Value, "secret")).Find("input").HasAttribute("value"));

    [Fact]
    public void FormErrors_LinkToEachField_AndShowWhatConcernsTheWhole()
    {
        var errors = Render<FormErrors>(parameters => parameters.Add(p => p.Errors, new FieldErrors().With("Input.Email", "No such domain").With("", "Too many today")));

        Assert.Equal("2 things need your attention", errors.Find(".notice-title").TextContent);
        Assert.EndsWith("#Email", errors.Find("a").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Contains("Too many today", errors.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_KeepsWhatWasChosen()
    {
        var select = Render<SelectField>(parameters => parameters
            .Add(p => p.Label, "Organisation").Add(p => p.Name, "Organisation").Add(p => p.Value, "2").Add(p => p.Options, [new SelectOption("1", "One"), new SelectOption("2", "Two")]));
        Assert.Equal("Two", select.Find("option[selected]").TextContent);
    }
}
