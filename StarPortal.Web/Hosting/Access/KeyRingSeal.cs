using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;

namespace StarPortal.Web.Hosting.Access;

/// <summary>Seals the keys of cookies and tokens under the server key before they go into the database: a stolen database opens no session.</summary>
internal sealed class KeyRingSeal(ServerKey key) : IXmlEncryptor, IConfigureOptions<KeyManagementOptions>
{
    internal const string Purpose = "key-ring";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = System.Text.Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        return new(new XElement("sealed", Convert.ToBase64String(key.Seal(Purpose, plain))), typeof(KeyRingOpener));
    }

    public void Configure(KeyManagementOptions options) => options.XmlEncryptor = this;
}

/// <summary>Opens what <see cref="KeyRingSeal"/> sealed; named in the stored element and made by the key ring itself.</summary>
internal sealed class KeyRingOpener(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => XElement.Parse(
        System.Text.Encoding.UTF8.GetString(services.GetRequiredService<ServerKey>().Open(KeyRingSeal.Purpose, Convert.FromBase64String(encryptedElement.Value))));
}
