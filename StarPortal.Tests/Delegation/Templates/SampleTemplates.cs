using StarPortal.Core.Delegation;

namespace StarPortal.Tests.Delegation;

/// <summary>Templates as text, whole by default; a test changes one thing.</summary>
internal static class SampleTemplates
{
    /// <summary>RFC 9115, figure 10.</summary>
    public const string Figure10 = """
        {
          "keyTypes": [
            {
              "PublicKeyType": "rsaEncryption",
              "PublicKeyLength": 2048,
              "SignatureType": "sha256WithRSAEncryption"
            },
            {
              "PublicKeyType": "id-ecPublicKey",
              "namedCurve": "secp256r1",
              "SignatureType": "ecdsa-with-SHA256"
            }
          ],
          "subject": {
            "country": "CA",
            "stateOrProvince": "**",
            "locality": "**"
          },
          "extensions": {
            "subjectAltName": {
              "DNS": [
                "abc.ido.example"
              ]
            },
            "keyUsage": [
              "digitalSignature"
            ],
            "extendedKeyUsage": [
              "serverAuth",
              "clientAuth"
            ]
          }
        }
        """;

    public const string P256 = """{"PublicKeyType":"id-ecPublicKey","namedCurve":"secp256r1","SignatureType":"ecdsa-with-SHA256"}""";

    public const string Rsa = """{"PublicKeyType":"rsaEncryption","PublicKeyLength":2048,"SignatureType":"sha256WithRSAEncryption"}""";

    private const string Usages = """,  "keyUsage":["digitalSignature"],"extendedKeyUsage":["serverAuth"]""";

    /// <summary>Without a finding when nothing is changed.</summary>
    public static string Text(string keyTypes = P256, string subject = "", string names = """{"DNS":["abc.ido.example"]}""", string usages = Usages) =>
        $"{{\"keyTypes\":[{keyTypes}]{(subject.Length > 0 ? $",\"subject\":{subject}" : "")},\"extensions\":{{\"subjectAltName\":{names}{usages}}}}}";

    public static string WithKey(string type, string rest, string signature) => Text($"{{\"PublicKeyType\":{type},{rest},\"SignatureType\":{signature}}}");

    public static string WithUsage(string keyUsage) => Text(usages: $",\"keyUsage\":{keyUsage},\"extendedKeyUsage\":[\"serverAuth\"]");

    public static string WithPurposes(string purposes) => Text(usages: $",\"keyUsage\":[\"digitalSignature\"],\"extendedKeyUsage\":{purposes}");

    public static CsrTemplate Make(string keyTypes = P256, string subject = "", string names = """{"DNS":["abc.ido.example"]}""", string usages = Usages) =>
        CsrTemplate.Parse(Text(keyTypes, subject, names, usages));
}
