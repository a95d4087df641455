"""Sidecars in the shapes that other programs give them, with everything that is odd in XMP."""

LIGHTROOM = """\
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 5.6-c140 79.160451,
  2017/05/06-01:08:21        ">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="uuid:1234"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
  xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
  xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
  xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" xmlns:zz="http://zz.example/#"
   xmp:CreateDate="2018-01-02T03:04:05.67" xmp:Rating="3" aux:Lens="24-70mm"
  photoshop:DateCreated="2018-01-02T03:04:05" xmpMM:DocumentID="xmp.did:1"
   crs:Version="10.0" crs:Temperature="5300" crs:Exposure2012="+0.30" crs:HasCrop="False"
  crs:AlreadyApplied="False" zz:q='a &amp; b &#10; c'>
   <xmpMM:History><rdf:Seq><rdf:li stEvt:action="derived" stEvt:parameters="converted"/><rdf:li
  stEvt:action="saved" stEvt:instanceID="xmp.iid:1" stEvt:when="2018-01-02T03:04:05+01:00"/>
</rdf:Seq></xmpMM:History>
   <xmpMM:DerivedFrom rdf:parseType="Resource"><stEvt:odd>1</stEvt:odd></xmpMM:DerivedFrom>
   <dc:creator><rdf:Seq><rdf:li>Bob</rdf:li></rdf:Seq></dc:creator>
   <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">(c) Bob</rdf:li><rdf:li xml:lang="de-DE">(c)
  Bob de</rdf:li></rdf:Alt></dc:rights>
   <dc:title><rdf:Alt><rdf:li xml:lang="zh_CN">t</rdf:li></rdf:Alt></dc:title>
   <dc:subject><rdf:Bag><rdf:li>Ulm</rdf:li><rdf:li>Ort</rdf:li></rdf:Bag></dc:subject>
   <lr:hierarchicalSubject><rdf:Bag><rdf:li>Ort|Ulm</rdf:li></rdf:Bag></lr:hierarchicalSubject>
   <crs:ToneCurve><rdf:Seq><rdf:li>0, 0</rdf:li><rdf:li>255, 255</rdf:li></rdf:Seq>
</crs:ToneCurve>
   <crs:Look rdf:parseType="Resource"><crs:Name>X</crs:Name><crs:Parameters
  rdf:parseType="Resource"><crs:Version>10</crs:Version><crs:ToneCurvePV2012><rdf:Seq><rdf:li>0,
  0</rdf:li></rdf:Seq></crs:ToneCurvePV2012></crs:Parameters></crs:Look>
   <zz:ref rdf:resource="http://x/"/><zz:empty/><zz:cdata><![CDATA[<a> & b]]></zz:cdata>
   <zz:qual rdf:parseType="Resource"><rdf:value>v</rdf:value><zz:quali>q</zz:quali></zz:qual>
   <zz:d><rdf:Description><zz:x>1</zz:x><zz:y>  2 </zz:y></rdf:Description></zz:d>
   <zz:bags><rdf:Bag><rdf:li><rdf:Bag><rdf:li>n</rdf:li></rdf:Bag></rdf:li></rdf:Bag></zz:bags>
   <!-- comment -->
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""

DARKTABLE = """\
<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
  xmlns:darktable="http://darktable.sf.net/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
   exif:DateTimeOriginal="2020:01:01 10:00:00" xmp:Rating="1" xmpMM:DerivedFrom="a.jpg"
  darktable:import_timestamp="63"  darktable:xmp_version="5" darktable:raw_params="0"
  darktable:auto_presets_applied="1" darktable:history_end="2" darktable:iop_order_version="2">
   <darktable:masks_history><rdf:Seq/></darktable:masks_history>
   <darktable:history><rdf:Seq>
     <rdf:li darktable:num="0" darktable:operation="colorin" darktable:enabled="1"
  darktable:params="gz48eJzjZBgFowABWAbaAaNgwAEAEDgABg==" darktable:multi_name=""
  darktable:multi_priority="0"/>
     <rdf:li darktable:num="1" darktable:operation="flip" darktable:params="ffffffff"/>
</rdf:Seq></darktable:history>
   <dc:subject><rdf:Seq><rdf:li>Oma</rdf:li></rdf:Seq></dc:subject>
   <lr:hierarchicalSubject><rdf:Seq><rdf:li>Oma</rdf:li></rdf:Seq></lr:hierarchicalSubject>
   <dc:description>plain text caption</dc:description>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""
