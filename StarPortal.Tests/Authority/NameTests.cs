using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Authority;

[Trait("Category", "Unit")]
public sealed class NameTests
{
    private static readonly IssuanceProfile Person = ProfilesOf().Get(IssuanceProfiles.Person);

    [Theory]
    [InlineData("Zoë Müller-O'Brien", "Zoe Muller-O'Brien")]
    [InlineData("Søren Kierkegård", "Soren Kierkegard")]
    [InlineData("Weiß, nicht", null)]
    [InlineData("Straßer Łukasz Đorđe Æsir", "Strasser Lukasz Dorde AEsir")]
    [InlineData("Юрий Гагарин", "Iurii Gagarin")]
    [InlineData("Йозеф", "Iozef")]
    [InlineData("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos")]
    [InlineData("Παύλος Ευθυμίου", "Pavlos Efthymiou")]
    [InlineData("Nguyễn Thị Minh Khai", "Nguyen Thi Minh Khai")]
    [InlineData("Jose\u0301 Garci\u0301a", "Jose Garcia")]
    [InlineData("Anna\u00a0Maria   Schmidt", "Anna Maria Schmidt")]
    [InlineData("O’Neill", "O'Neill")]
    public void FullName_IsWrittenInLatinLetters_WhenItHasAUsualSpelling(string name, string? expected)
    {
        if (expected is null) Assert.Equal("FullName", Refused(name).Field);
        else Assert.Equal($"{expected} 0001", Person.RenderSubject(Orders.Zoe(name)).CommonName);
    }

    [Theory]
    [InlineData("王小明")]
    [InlineData("😀 Smile")]
    [InlineData("x,O=y")]
    [InlineData("CN=x,O=y")]
    [InlineData("x/CN=admin")]
    [InlineData("x＝y／z")] // full-width '=' and '/', which fold to the plain ones
    [InlineData("x\\,y")]
    [InlineData("a+b")]
    [InlineData("tab\tbed")]
    [InlineData("line\nfeed")]
    [InlineData("nul\0l")]
    [InlineData("\u202eeilA")] // right-to-left override
    [InlineData("zero\u200bwidth")]
    [InlineData("isolate\u2066d")]
    [InlineData("Mr VERSION")]
    [InlineData("Mr ＶＥＲＳＩＯＮ")]
    [InlineData("\ud800 alone")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("123")]
    public void FullName_IsRefusedBesideItsField_WhenItCannotStandInASubject(string name)
    {
        var error = Refused(name);
        Assert.Equal((ErrorKind.Invalid, "FullName"), (error.Kind, error.Field));
        Assert.DoesNotContain('\u202e', error.Message);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('Ж')]
    [InlineData(' ')]
    public void FullName_IsRefusedAtOnce_WhenItHasTenThousandCharacters(char character)
    {
        var error = Refused(new string(character, 10_000));
        Assert.Equal("FullName", error.Field);
        Assert.True(error.Message.Length < 300);
    }

    [Fact]
    public void FullName_IsRefusedWithTheRoomThereIs_WhenTheCommonNameWouldBeTooLong() =>
        Assert.Contains("there is room for 64", Refused(new string('x', 60)).Message, StringComparison.Ordinal);

    [Fact]
    public void Subject_HasExactlyTheTemplatesAttributes_WhateverIsTyped() => Prop.ForAll(AnyText, text =>
    {
        DistinguishedName subject;
        try
        {
            subject = Person.RenderSubject(Orders.Zoe(text));
        }
        catch (ServiceException error)
        {
            Assert.Equal("FullName", error.Field);
            return;
        }

        Assert.Equal(["DC", "DC", "O", "CN"], subject.Attributes.Select(attribute => attribute.Type.ShortName));
        Assert.Equal(["org", "starportal", "Example Lab"], subject.Attributes.Take(3).Select(attribute => attribute.Value));
        Assert.True(Ascii.IsValid(subject.ToString()));
        Assert.Equal(4, subject.ToOneLine().Count(character => character == '/'));
        Assert.DoesNotContain("VERSION", Encoding.Latin1.GetString(subject.Encoded), StringComparison.Ordinal);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Name_ComesBackFromItsTextAndItsDer_WhateverTheValues() => Prop.ForAll(AnyText, text =>
    {
        if (text.Length is 0 or > 64 || NameRules.FindUnsafe(text) is not null) return;
        var name = DistinguishedName.Of([new(NameAttributeType.FindByName("DC")!, "org"), new(NameAttributeType.FindByName("CN")!, text)]);
        Assert.Equal(name, DistinguishedName.Parse(name.ToString()));
        Assert.Equal(text, DistinguishedName.Decode(name.Encoded).CommonName);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Encoding_IsWhatX509Expects_WhenANameIsWritten()
    {
        var name = DistinguishedName.Parse("DC=org, DC=starportal, O=Müller \\& Co, CN=a\\, b\\=c");
        Assert.Equal(["0.9.2342.19200300.100.1.25"], name.Attributes.Take(2).Select(attribute => attribute.Type.Oid).Distinct());
        Assert.Equal([0x16, 0x16, 0x0c, 0x13], TagsOf(name)); // IA5String, IA5String, UTF8String, PrintableString
        Assert.Equal(@"/DC=org/DC=starportal/O=M\xC3\xBCller & Co/CN=a, b=c", name.ToOneLine());
        Assert.Equal("DC=org, DC=starportal, O=Müller & Co, CN=a\\, b=c", name.ToString());
    }

    [Theory]
    [InlineData("CN")]
    [InlineData("XX=y")]
    [InlineData("CN=")]
    [InlineData("CN=a+O=b")]
    [InlineData("CN=a\\")]
    [InlineData("C=DEU")]
    [InlineData("DC=münchen")]
    [InlineData("CN=a\\00b")]
    public void Parse_Refuses_WhenTheTextIsNoName(string text) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<ServiceException>(() => DistinguishedName.Parse(text)).Kind);

    [Theory]
    [InlineData("O", "Example/CN=admin")]
    [InlineData("O", "Exämple")]
    [InlineData("O", "A VERSION of it")]
    public void Organisation_IsRefusedBesideItsField_WhenItCannotStandInASubject(string _, string organisation) =>
        Assert.Equal("Organisation", Assert.Throws<ServiceException>(() => Person.RenderSubject(Orders.Zoe() with { Organisation = organisation })).Field);

    [Fact]
    public void Attribute_IsLeftOut_WhenItsPlaceholderIsEmpty() =>
        Assert.Equal("DC=org, DC=starportal, CN=Zoe Miller 0001", Person.RenderSubject(Orders.Zoe() with { Organisation = "" }).ToString());

    private static ServiceException Refused(string name) => Assert.Throws<ServiceException>(() => Person.RenderSubject(Orders.Zoe(name)));

    private static IEnumerable<int> TagsOf(DistinguishedName name)
    {
        var reader = new System.Formats.Asn1.AsnReader(name.Encoded, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
        while (reader.HasData)
        {
            var attribute = reader.ReadSetOf().ReadSequence();
            attribute.ReadObjectIdentifier();
            yield return attribute.PeekTag().TagValue;
        }
    }

    internal static IssuanceProfiles ProfilesOf(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        return new IssuanceProfiles(configuration, Options.Create(configuration.GetSection("Authority").Get<AuthorityOptions>() ?? new AuthorityOptions()));
    }

    /// <summary>Any text, with a taste for the characters that have a meaning in names.</summary>
    private static Arbitrary<string> AnyText => Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Where(text => text is not null),
        Gen.ArrayOf(Gen.Elements(',', '=', '/', '\\', '+', '"', '#', ' ', ';', '<', 'C', 'N', 'O', 'a', 'é', 'ж', 'V', '\u202e', '\0', '＝', '{', '}')).Select(characters => new string(characters)))
        .ToArbitrary();
}
